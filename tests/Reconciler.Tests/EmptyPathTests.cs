using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// A path that holds no manifest is a mistake, unless somebody says that it is meant; and nothing counts as deleted
/// from it.
/// </summary>
public sealed class EmptyPathTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string OtherId = "5d634e8a-455c-5280-809c-52a675ff4892";
    private const string Token = "empty-t0ken";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-empty-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var access = SandboxAccess.Permissions("CAN_VIEW_DATA");
        SeedProject[] projects =
        [
            new(ProjectId, "clarifeye-eu") { Members = [new("bot@example.com", access)] },
            new(OtherId, "clarifeye-eu") { Members = [new("bot@example.com", access)] },
        ];
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [.. projects] },
            },
            Cancellation
        );
        _folder.CreateSubdirectory("empty");
        Write("connections.yaml", Connection);
        Write("people/a.yaml", Project("fraud", ProjectId));
        Write("more/b.yaml", Project("evals", OtherId));
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("validate empty")]
    [InlineData("plan empty")]
    [InlineData("apply empty --yes")]
    [InlineData("report empty")]
    [InlineData("offboard ana@example.com empty --yes")]
    [InlineData("invitations list empty")]
    [InlineData("plan empty --connections connections.yaml")]
    [InlineData("plan people empty connections.yaml")]
    [InlineData("plan connections.yaml people --baseline empty")]
    public async Task A_folder_without_a_manifest_is_refused_by_its_name(string line)
    {
        var (code, output) = await RunAsync(line.Split(' '));
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "error: empty: holds no document of reconciler.dev/v1alpha1; expected at least one, or --allow-empty where none is meant",
            output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    [Fact]
    public async Task A_folder_of_which_everything_is_excluded_is_refused()
    {
        var (code, output) = await RunAsync("plan", "people", "--exclude", "**");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "people: holds no document of reconciler.dev/v1alpha1 besides what is excluded",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_folder_of_documents_of_other_groups_is_refused_and_a_file_of_them_only_where_there_is_nothing_else()
    {
        Write("other/deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n");
        var (code, output) = await RunAsync("validate", "other");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "other: holds no document of reconciler.dev/v1alpha1 in 1 file;",
            output,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.Problems, (await RunAsync("validate", "other/deployment.yaml")).Code);
        Assert.Equal(
            ExitCode.Done,
            (await RunAsync("validate", "other/deployment.yaml", "connections.yaml", "people")).Code
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n")]
    public async Task A_file_that_holds_nothing_is_refused(string text)
    {
        Write("nothing.yaml", text);
        var (code, output) = await RunAsync("plan", "connections.yaml", "people", "nothing.yaml");
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains(
            "nothing.yaml: holds no document of reconciler.dev/v1alpha1;",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task With_allow_empty_it_is_meant()
    {
        Assert.Equal(ExitCode.Done, (await RunAsync("validate", "empty", "--allow-empty")).Code);
        Assert.Equal(
            ExitCode.Done,
            (await RunAsync("plan", "connections.yaml", "people", "empty", "--allow-empty")).Code
        );
    }

    [Fact]
    public async Task Nothing_counts_as_deleted_from_a_folder_that_is_empty_where_that_is_allowed()
    {
        string[] apply = ["apply", "connections.yaml", "people", "more", "--yes"];
        Assert.Equal(ExitCode.Done, (await RunAsync(apply)).Code);
        File.Delete(Path.Combine(_folder.FullName, "more/b.yaml"));
        Assert.Equal(ExitCode.Problems, (await RunAsync(apply)).Code);
        var (code, output) = await RunAsync([.. apply, "--allow-empty"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.DoesNotContain("1 revoked", output, StringComparison.Ordinal);
        Assert.Contains(_sandbox.Connection("clarifeye-eu").Invitations(OtherId), IsWaiting);
    }

    [Fact]
    public async Task A_folder_in_which_another_document_stays_tells_that_one_was_deleted()
    {
        Write("people/b.yaml", Project("evals", OtherId));
        string[] apply = ["apply", "connections.yaml", "people", "--yes"];
        Assert.Equal(ExitCode.Done, (await RunAsync(apply)).Code);
        File.Delete(Path.Combine(_folder.FullName, "people/b.yaml"));
        Assert.Equal(ExitCode.Done, (await RunAsync(apply)).Code);
        Assert.DoesNotContain(_sandbox.Connection("clarifeye-eu").Invitations(OtherId), IsWaiting);
    }

    [Fact]
    public async Task A_document_that_came_through_a_pipe_never_counts_as_deleted()
    {
        Assert.Equal(
            ExitCode.Done,
            (
                await WithPipeAsync(Project("evals", OtherId), "apply", "connections.yaml", "people", "pipe", "--yes")
            ).Code
        );
        Assert.Equal(ExitCode.Done, (await RunAsync("apply", "connections.yaml", "people", "--yes")).Code);
        Assert.Equal(
            ExitCode.Done,
            (await WithPipeAsync(Project("fraud", ProjectId), "apply", "connections.yaml", "pipe", "--yes")).Code
        );
        Assert.Contains(_sandbox.Connection("clarifeye-eu").Invitations(OtherId), IsWaiting);
        Assert.Contains(_sandbox.Connection("clarifeye-eu").Invitations(ProjectId), IsWaiting);
    }

    [Theory]
    [InlineData("M.YAML")]
    [InlineData("m.Yml")]
    [InlineData("m.json")]
    [InlineData("m.yaml.bak")]
    [InlineData("m.yml~")]
    public async Task A_file_that_is_named_nearly_as_a_manifest_is_said_to_be_passed_over(string name)
    {
        Write($"people/{name}", "kind: [");
        Write("people/notes.txt", "");
        foreach (var verb in new[] { "validate", "plan" })
        {
            var (code, output) = await RunAsync(verb, "connections.yaml", "people");
            Assert.Equal(ExitCode.Done, code);
            Assert.Contains(
                $"warning: people: 1 file is passed over (people/{name}): only *.yaml and *.yml are read",
                output,
                StringComparison.Ordinal
            );
        }

        Assert.DoesNotContain(
            "passed over",
            (await RunAsync("plan", "connections.yaml", "people", "--exclude", name)).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Files_that_are_passed_over_are_counted_and_a_few_are_named()
    {
        for (var i = 1; i < 6; i++)
            Write($"people/{i}.json", "{}");
        var (_, output) = await RunAsync("validate", "connections.yaml", "people");
        Assert.Contains(
            "5 files are passed over (people/1.json, people/2.json, people/3.json and 2 more)",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_first_import_needs_nothing_but_connections()
    {
        var (code, output) = await RunAsync(
            "import",
            "empty",
            "--connections",
            "connections.yaml",
            "--project",
            ProjectId,
            "--dry-run"
        );
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("would write", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Problems, (await RunAsync("import", "empty", "--project", ProjectId, "--dry-run")).Code);
    }

    private static string Connection =>
        """
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: clarifeye-eu}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
              actingAs: bot@example.com
            """;

    private static string Project(string name, string id) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{name}}}}
            spec:
              provider: clarifeye-eu
              projectId: {{{id}}}
              deletionPolicy: revoke
              members: [{email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}]
            """;

    private static bool IsWaiting(SandboxInvitation invitation) =>
        invitation is { Email: "ana@example.com", Status: "pending" };

    private void Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<(int Code, string Output)> WithPipeAsync(string text, params string[] words)
    {
        using var pipe = new NamedPipe(Path.Combine(_folder.FullName, "pipe"));
        var writing = pipe.WriteAsync(text);
        var run = await RunAsync(words);
        await writing;
        return run;
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with
        {
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? Token : null,
        };
        string[] place =
            words[0] == "validate" ? [] : ["--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"];
        var code = await Cli.RunAsync([.. words, .. place], environment, Cancellation);
        return (code, output.ToString());
    }
}
