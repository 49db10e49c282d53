using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>With which code plan and apply end.</summary>
public sealed class RunCodeTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string NoPlan = "hold:sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-codes-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        const string seed = $$$"""
            token: t0ken
            connections:
            - {name: clarifeye-eu}
            - {name: gorules-acme, quirks: {organisationWrites: false}}
            projects:
            - id: {{{ProjectId}}}
              provider: clarifeye-eu
              members:
              - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}
              - {email: stranger@example.com, access: {permissions: [CAN_VIEW_DATA]}}
            - id: {{{ProjectId}}}
              provider: gorules-acme
              groups: [{name: Editors}]
              members:
              - {email: bot@example.com, access: {owner: true}}
            """;
        _sandbox = await SandboxServer.StartAsync(new() { Seed = SandboxSeed.Parse(seed) }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Findings_alone_are_no_change_and_count_only_where_that_is_asked_for()
    {
        Write("clarifeye", "clarifeye-eu", "never", "");
        Assert.Equal(ExitCode.Done, await RunAsync("plan", "--detailed-exitcode"));
        Assert.Equal(ExitCode.Changes, await RunAsync("plan", "--fail-on", "findings"));
        Assert.Equal(ExitCode.Done, await RunAsync("apply", "--yes"));
        Assert.Equal(ExitCode.Changes, await RunAsync("apply", "--yes", "--fail-on", "findings"));
    }

    [Fact]
    public async Task An_apply_with_only_manual_items_is_done_and_they_count_where_that_is_asked_for()
    {
        Write("gorules", "gorules-acme", "owned", "{email: ana@example.com, access: {groups: [Editors]}}");
        Assert.Equal(ExitCode.Done, await RunAsync("apply", "--yes"));
        Assert.Equal(ExitCode.Changes, await RunAsync("apply", "--yes", "--fail-on", "findings"));
    }

    [Fact]
    public async Task An_approval_that_fits_nothing_leaves_what_is_held_held()
    {
        Write("clarifeye", "clarifeye-eu", "all", "");
        Assert.Equal(ExitCode.Held, await RunAsync("apply", "--yes", "--max-removals", "0", "--approve", NoPlan));
        Assert.Equal(
            ExitCode.Held,
            await RunAsync("apply", "--yes", "--max-removals", "0", "--approve", NoPlan, "--fail-on", "findings")
        );
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    private void Write(string type, string connection, string prune, string members) =>
        File.WriteAllText(
            Path.Combine(_folder.FullName, "a.yaml"),
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{connection}}}}
            spec: {type: {{{type}}}, baseUrl: {{{_sandbox.BaseUrl(
                connection
            )}}},
            """
                + $$$"""
                 credentials: {token: {env: RECONCILER_TOKEN}}, actingAs: bot@example.com}
                ---
                apiVersion: reconciler.dev/v1alpha1
                kind: ProjectMembership
                metadata: {name: fraud}
                spec: {provider: {{{connection}}}, projectId: {{{ProjectId}}}, prune: {{{prune}}}, members: [{{{members}}}]}
                """
        );

    private async Task<int> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with
        {
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_TOKEN" ? "t0ken" : null,
        };
        var place = new Uri(_sandbox.Url).Host;
        var code = await Cli.RunAsync([.. words, "--allow-host", place], environment, Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
        return code;
    }
}
