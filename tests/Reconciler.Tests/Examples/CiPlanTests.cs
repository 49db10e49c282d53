using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests.Examples;

/// <summary>
/// The plan's own command line, over the three checkouts that the workflow makes, with pull requests that reach too
/// far.
/// </summary>
public sealed class CiPlanTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Member = "access: {permissions: [CAN_VIEW_DATA]}";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-ci-");
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync()
    {
        SeedMember[] members =
        [
            .. Enumerable
                .Range(1, 4)
                .Select(i => new SeedMember($"old{i}@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA"))),
        ];
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = "t", Projects = [new(ProjectId, "clarifeye-eu") { Members = [.. members] }] },
            },
            TestContext.Current.CancellationToken
        );
        foreach (var checkout in (string[])["change", "base", "last-applied"])
        {
            Write(
                $"{checkout}/access/connections/clarifeye.yaml",
                Connection("clarifeye-eu", "https://eu.app.clarifeye.ai/api/v1")
            );
            Write($"{checkout}/access/guardrails/limits.yaml", Limit(1));
            Write($"{checkout}/access/people/projects.yaml", Project(1, 2, 3, 4));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_change_of_people_is_planned_with_the_last_applied_as_the_record()
    {
        Write("change/access/people/projects.yaml", Project(1, 2, 3));
        var (code, output) = await PlanAsync();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("- remove  old4@example.com", output, StringComparison.Ordinal);
        Assert.Contains("(access/people/projects.yaml:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_that_lifts_a_limit_is_held_by_the_bases()
    {
        Write("change/access/people/projects.yaml", Project(1));
        Write("change/access/guardrails/limits.yaml", Limit(100));
        var (code, output) = await PlanAsync();
        Assert.Equal(ExitCode.Held, code);
        Assert.Contains("<b>held</b>", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_request_that_changes_where_tokens_go_is_planned_with_the_bases_connection()
    {
        Write(
            "change/access/connections/clarifeye.yaml",
            Connection("clarifeye-eu", "https://us.app.clarifeye.ai/api/v1")
        );
        var (code, output) = await PlanAsync();
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("No changes.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_among_the_people_is_refused()
    {
        Write("change/access/people/mine.yaml", Connection("mine", "https://us.app.clarifeye.ai/api/v1"));
        var (code, output) = await PlanAsync();
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("AccessProvider default/mine stands among the manifests", output, StringComparison.Ordinal);
        Assert.Contains("<!-- reconciler.dev/plan/v1 digest=none -->", output, StringComparison.Ordinal);
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    [Fact]
    public async Task A_folder_without_connections_is_a_problem()
    {
        Write("base/access/connections/clarifeye.yaml", Limit(1));
        var (code, output) = await PlanAsync();
        Assert.Equal(ExitCode.Problems, code);
        Assert.Contains("AccessProvider", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> PlanAsync()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var command = Assert.Single(CiWorkflow.GitHub("plan").Commands);
        var environment = CommandLines.Environment(output) with
        {
            Folder = Path.Combine(_folder.FullName, "change"),
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? "t" : null,
        };
        var code = await Cli.RunAsync(
            [.. CommandLines.WordsOf(command), "--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"],
            environment,
            TestContext.Current.CancellationToken
        );
        return (code, output.ToString());
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static string Connection(string name, string url) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{name}}}}
            spec:
              type: clarifeye
              baseUrl: {{{url}}}
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
              actingAs: bot@example.com
            """;

    private static string Limit(int removals) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: Guardrail
            metadata: {name: limits}
            spec: {selector: {}, maxRemovals: {count: {{{removals}}}}}
            """;

    private static string Project(params int[] people) =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud-detection}
            spec: {provider: clarifeye-eu, projectId: {{{ProjectId}}},
            """
        + $$$"""
             members: [{{{string.Join(
                ", ",
                people.Select(i => $"{{email: old{i}@example.com, {Member}}}")
            )}}}]}
            """;
}
