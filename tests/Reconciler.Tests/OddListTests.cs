using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>
/// Entries of a list that name nobody for certain, as somebody at the command line meets them: the others are planned
/// and applied, and the run says that it failed.
/// </summary>
public sealed class OddListTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Token = "0dd-l1st-t0ken";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-odd-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        SeedMember Member(string email) => new(email, SandboxAccess.Permissions("CAN_VIEW_DATA"));
        var project = new SeedProject(ProjectId, "clarifeye-eu")
        {
            Members =
            [
                Member("ana@example.com"),
                Member("old@example.com"),
                Member("b\u200bob@example.com"),
                Member("w@"),
            ],
        };
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [project] },
            },
            Cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("people").FullName, "acme.yaml"),
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: clarifeye-eu}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud-detection}
            spec:
              provider: clarifeye-eu
              projectId: {{{ProjectId}}}
              prune: all
              members: [{email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}]
            """,
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("markdown")]
    [InlineData("github")]
    public async Task A_plan_shows_the_entries_spelled_out_in_every_format_and_fails(string format)
    {
        var (code, output) = await RunAsync("plan", "people", "--format", format);
        Assert.Equal(ExitCode.Failed, code);
        Assert.DoesNotContain('\u200b', output);
        if (format != "github")
            Assert.Contains("\\u200b", output, StringComparison.Ordinal);
        Assert.Contains("old@example.com", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_apply_does_the_rest_and_ends_as_done_in_part()
    {
        var (code, output) = await RunAsync("apply", "people", "--yes");
        Assert.Equal(ExitCode.Partly, code);
        Assert.Contains("1 removed", output, StringComparison.Ordinal);
        Assert.Equal(
            ["ana@example.com", "b\u200bob@example.com", "w@"],
            _sandbox.Connection("clarifeye-eu").Members(ProjectId).Select(m => m.Email).Order(StringComparer.Ordinal)
        );
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var shared = TextWriter.Synchronized(output);
        var environment = new CliEnvironment
        {
            Out = shared,
            Error = shared,
            In = TextReader.Null,
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? Token : null,
        };
        var code = await Cli.RunAsync(
            [.. words, "--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"],
            environment,
            Cancellation
        );
        return (code, output.ToString());
    }
}
