using Reconciler.Testing;
using Reconciler.Testing.Sources;

namespace Reconciler.Tests.Described;

/// <summary>
/// Redmine, described in <c>vendors/redmine.yaml</c>, from a plan to a removal: the command line against a real server.
/// </summary>
public sealed class RedmineTests(RedmineServer server) : IClassFixture<RedmineServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string? _key;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_are_added_changed_and_removed_and_a_second_plan_changes_nothing()
    {
        RedmineServer.Need();
        await DeclareAsync(
            "alpha",
            """
              - {email: ann@example.net, access: {roles: [Developer, Reporter]}}
              - {email: cleo@example.net, access: {roles: [Reporter]}}
            """
        );

        var plan = await RunAsync(ExitCode.Changes, "plan", "--detailed-exitcode");
        Assert.Contains("bob@example.net", plan, StringComparison.Ordinal);
        Assert.Contains("1 by a group or a parent project alone", plan, StringComparison.Ordinal);
        Assert.Equal(["Ann Ä: Developer", "Bob B: Developer", "Dan D: Reporter*"], await server.MembersAsync("alpha"));

        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(
            ["Ann Ä: Developer, Reporter", "Cleo C: Reporter", "Dan D: Reporter*"],
            await server.MembersAsync("alpha")
        );
        await NothingToDoAsync();

        await DeclareAsync(
            "alpha",
            """
              - {email: CLEO@example.net, access: {roles: [Manager]}}
              - {email: dan@example.net, access: {roles: [Developer]}}
            """
        );
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(["Cleo C: Manager", "Dan D: Developer, Reporter*"], await server.MembersAsync("alpha"));
        await NothingToDoAsync();

        await DeclareAsync("alpha", "  - {email: cleo@example.net, access: {roles: [Manager]}}");
        await RunAsync(ExitCode.Done, "apply", "--yes");
        Assert.Equal(["Cleo C: Manager", "Dan D: Reporter*"], await server.MembersAsync("alpha"));
        await NothingToDoAsync();
    }

    [Fact]
    public async Task A_role_that_Redmine_does_not_know_fails_the_project_with_its_line()
    {
        RedmineServer.Need();
        await DeclareAsync("beta", "  - {email: ann@example.net, access: {roles: [Developr]}}");

        var said = await RunAsync(ExitCode.Failed, "plan");

        Assert.Contains("people.yaml:9:", said, StringComparison.Ordinal);
        Assert.Contains(
            "expected one of Developer, Manager, Reporter; did you mean \"Developer\"?",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal(["Ann Ä: Manager, Reporter"], await server.MembersAsync("beta"));
    }

    [Fact]
    public async Task Somebody_without_an_account_is_not_added_and_the_others_are()
    {
        RedmineServer.Need();
        await DeclareAsync(
            "gamma",
            """
              - {email: ann@example.net, access: {roles: [Manager]}}
              - {email: cleo@example.net, access: {roles: [Reporter]}}
              - {email: nobody@example.net, access: {roles: [Reporter]}}
            """
        );

        var said = await RunAsync(ExitCode.Partly, "apply", "--yes");

        Assert.Contains("Redmine has no account, or several, with this address", said, StringComparison.Ordinal);
        Assert.Equal(["Ann Ä: Manager", "Cleo C: Reporter"], await server.MembersAsync("gamma"));
    }

    [Fact]
    public async Task A_wrong_key_reads_public_projects_as_nobody_and_still_nothing_is_planned()
    {
        RedmineServer.Need();
        await DeclareAsync("beta", "  - {email: ann@example.net, access: {roles: [Manager, Reporter]}}");

        _key = "0123456789012345678901234567890123456789";

        var said = await RunAsync(ExitCode.Failed, "plan");

        Assert.Contains("GET /users/current.json answered 401", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_somebody_who_sees_a_part_of_the_accounts_plans_nothing()
    {
        RedmineServer.Need();
        await DeclareAsync("beta", "  - {email: ann@example.net, access: {roles: [Manager, Reporter]}}");

        _key = await server.KeyOfAsync("ann");

        var said = await RunAsync(ExitCode.Failed, "plan");

        Assert.Contains(
            "nothing proves that the token's user sees everybody at Redmine",
            said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_import_declares_who_is_there()
    {
        RedmineServer.Need();
        await ConnectAsync();

        await RunAsync(ExitCode.Done, "import", "--provider", "redmine", "--project", "beta");

        await NothingToDoAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task NothingToDoAsync()
    {
        var said = await RunAsync(ExitCode.Done, "plan", "--detailed-exitcode");
        Assert.Contains("No changes", said, StringComparison.Ordinal);
    }

    private Task ConnectAsync(string? actingAs = "admin@example.net") =>
        File.WriteAllTextAsync(
            _folder["provider.yaml"],
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: redmine}
            spec:
              type: redmine
              baseUrl: {{{server.Url}}}
              credentials: {token: {env: RECONCILER_REDMINE_KEY}}
              {{{(actingAs is null ? "" : $"actingAs: {actingAs}")}}}
            """,
            Cancellation
        );

    private async Task DeclareAsync(string project, string members)
    {
        await ConnectAsync(actingAs: null);
        await File.WriteAllTextAsync(
            _folder["people.yaml"],
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{project}}}}
            spec:
              provider: redmine
              projectId: {{{project}}}
              prune: all
              members:
            {{{members}}}
            """,
            Cancellation
        );
    }

    private async Task<string> RunAsync(int code, params string[] words)
    {
        using var output = new StringWriter();
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Variable = name => name == "RECONCILER_REDMINE_KEY" ? _key ?? server.Key : null,
            Folder = _folder.Path,
        };
        string[] options = ["--vendors", Repository.At("vendors"), "--allow-host", "127.0.0.1"];
        if (words[0] is "plan" or "apply")
            options = [.. options, "--max-removals", "none"];
        var ended = await Cli.RunAsync([.. words, .. options], environment, Cancellation);
        Assert.True(ended == code, $"exit {ended}\n{output}");
        return output.ToString();
    }
}
