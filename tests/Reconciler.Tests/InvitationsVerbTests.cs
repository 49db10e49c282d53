using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary><c>invitations</c>, where a person answers.</summary>
public sealed class InvitationsVerbTests : IDisposable
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private static readonly string[] Evals = ["cm2v7k0d10001", "cm2v7k0d10002"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-invitations-");
    private readonly StringWriter _said = new() { NewLine = "\n" };

    [Theory]
    [InlineData("accept", "yes", "accepted")]
    [InlineData("decline", " yes ", "declined")]
    public async Task An_answer_is_given_once_a_person_says_yes(string verb, string answer, string status)
    {
        await using var server = await StartAsync();
        Assert.Equal(ExitCode.Done, await RunAsync(server, answer, "invitations", verb, await IdAsync(server)));
        Assert.Equal(status, Assert.Single(server.Connection("metal").Invitations(ProjectId)).Status);
        Assert.Contains(
            $"this invitation? Only \"yes\" is accepted: The invitation is {status}.",
            _said.ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("accept", "accepted")]
    [InlineData("decline", "declined")]
    public async Task Anything_but_a_yes_changes_nothing(string verb, string done)
    {
        await using var server = await StartAsync();
        var id = await IdAsync(server);
        server.ForgetRequests();
        Assert.Equal(ExitCode.Failed, await RunAsync(server, "y", "invitations", verb, id));
        Assert.Equal(0, server.NonGetCount);
        Assert.EndsWith($"Nothing was {done}.\n", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anybody_to_ask_an_answer_needs_a_yes_on_the_command_line()
    {
        await using var server = await StartAsync();
        var id = await IdAsync(server);
        Assert.Equal(ExitCode.Failed, await RunAsync(server, null, "invitations", "accept", id));
        Assert.Contains("pass --yes to accept without asking", _said.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await RunAsync(server, null, "invitations", "accept", id, "--yes"));
    }

    [Theory]
    [InlineData("bot@example.com", true)]
    [InlineData("kim@example.com", false)]
    public async Task One_invitation_is_shown_as_the_vendor_has_it_and_ones_own_with_how_to_answer(
        string invitee,
        bool isOwn
    )
    {
        await using var server = await StartAsync(invitee);
        var id = await IdAsync(server);
        Assert.Equal(ExitCode.Done, await RunAsync(server, null, "invitations", "show", id));
        var text = _said.ToString();
        Assert.StartsWith(
            $"{id} at metal\n  for           {invitee}\n  invited by    ",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  state         waits for an answer\n  access        billing\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"({ProjectId})\n", text, StringComparison.Ordinal);
        Assert.Equal(isOwn, text.Contains($"reconciler invitations accept {id}", StringComparison.Ordinal));
        Assert.Equal(0, server.NonGetCount);
    }

    [Fact]
    public async Task One_invitation_as_JSON_says_whether_it_is_ones_own_and_masked_has_no_address()
    {
        await using var server = await StartAsync("kim@example.com");
        var id = await IdAsync(server);
        await RunAsync(server, null, "invitations", "show", id, "--format", "json");
        using var document = System.Text.Json.JsonDocument.Parse(_said.ToString());
        var invitation = document.RootElement.GetProperty("invitation");
        Assert.False(invitation.GetProperty("own").GetBoolean());
        Assert.Equal("pending", invitation.GetProperty("state").GetString());
        _said.GetStringBuilder().Clear();
        await RunAsync(server, null, "invitations", "show", id, "--mask-emails");
        Assert.DoesNotContain('@', _said.ToString());
        Assert.Contains(id, _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_that_nobody_has_is_exit_1()
    {
        await using var server = await StartAsync();
        Assert.Equal(ExitCode.Failed, await RunAsync(server, null, "invitations", "show", "nothing"));
        Assert.Contains("no provider has an invitation \"nothing\"", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_may_not_be_read_does_not_hide_an_invitation_in_another()
    {
        await using var server = await StartTwoAsync();
        var id = server.Connection("evals").Invitations(Evals[1])[0].Id;
        server.Inject(Fault.Answer(403) with { Path = $"/projects/{Evals[0]}/", Times = null });
        Assert.Equal(ExitCode.Done, await ShowAsync(server, id));
        Assert.StartsWith($"{id} at evals\n", _said.ToString(), StringComparison.Ordinal);
        _said.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Failed, await ShowAsync(server, "nothing"));
        Assert.StartsWith("error: evals: first: ", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_meanings_of_its_roles_an_invitation_is_shown_all_the_same()
    {
        await using var server = await StartTwoAsync();
        var id = server.Connection("evals").Invitations(Evals[1])[0].Id;
        var roles = $"/projects/{Evals[1]}/roles";
        // The roles are read once for the invitation itself, and once more for what they permit.
        server.Inject(Fault.Answer(403) with { Path = roles, Skip = 1, Times = null });
        Assert.Equal(ExitCode.Done, await ShowAsync(server, id));
        Assert.StartsWith($"{id} at evals\n", _said.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count(r => r.Target.Contains(roles, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failure_of_the_vendor_is_told_with_the_providers_name()
    {
        await using var server = await StartAsync();
        server.Inject(Fault.Answer(403, """{"error":"\u001b[31mno"}"""));
        Assert.Equal(ExitCode.Failed, await RunAsync(server, null, "invitations", "list"));
        Assert.StartsWith(
            "error: metal: GET /invitations answered 403: [31mno",
            _said.ToString(),
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        _said.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Task<SandboxServer> StartAsync(string invitee = "bot@example.com") =>
        SandboxServer.StartAsync(
            new()
            {
                Seed = new()
                {
                    Connections = [new("metal") { Type = "equinix-metal" }],
                    Projects =
                    [
                        new(ProjectId, "metal") { Invitations = [new(invitee, SandboxAccess.Roles("billing"))] },
                    ],
                },
            },
            TestContext.Current.CancellationToken
        );

    private static Task<SandboxServer> StartTwoAsync() =>
        SandboxServer.StartAsync(
            new()
            {
                Seed = new()
                {
                    Connections = [new("evals") { Type = "confident-ai" }],
                    Projects =
                    [
                        .. Evals.Select(id => new SeedProject(id, "evals")
                        {
                            Members = [new("bot@example.com", SandboxAccess.Role("Manager"))],
                            Invitations = [new("kim@example.com", SandboxAccess.Role("Member"))],
                        }),
                    ],
                },
            },
            TestContext.Current.CancellationToken
        );

    private static Task<string> IdAsync(SandboxServer server) =>
        Task.FromResult(server.Connection("metal").Invitations(ProjectId)[0].Id);

    private Task<int> RunAsync(SandboxServer server, string? answer, params string[] words)
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "metal.yaml"),
            """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: metal}
            spec: {type: equinix-metal, baseUrl: https://api.equinix.com/metal/v1, actingAs: bot@example.com,
            """
                + """
                 credentials: {token: {env: RECONCILER_T}}}
                """
        );
        return PlayAsync(server, "metal", answer, words);
    }

    private Task<int> ShowAsync(SandboxServer server, string id)
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "evals.yaml"),
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: evals}
            spec:
              type: confident-ai
              baseUrl: https://eu.api.confident-ai.com
              actingAs: bot@example.com
              credentials: {token: {env: RECONCILER_T}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: first}
            spec:
              provider: evals
              projectId: {{{Evals[0]}}}
              members:
              - {email: bot@example.com, access: {role: Manager}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: second}
            spec:
              provider: evals
              projectId: {{{Evals[1]}}}
              members:
              - {email: bot@example.com, access: {role: Manager}}
            """
        );
        return PlayAsync(server, "evals", null, "invitations", "show", id);
    }

    private Task<int> PlayAsync(SandboxServer server, string connection, string? answer, params string[] words)
    {
        var environment = new CliEnvironment
        {
            Out = _said,
            Error = _said,
            In = new StringReader(answer ?? ""),
            CanAsk = answer is not null,
            Variable = name => name == "RECONCILER_T" ? "t0ken" : null,
            Folder = _folder.FullName,
        };
        return Cli.RunAsync(
            [.. words, "--base-url", $"{connection}={server.BaseUrl(connection)}"],
            environment,
            TestContext.Current.CancellationToken
        );
    }
}
