using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>A pull request brings limits of its own beside those of the runner.</summary>
public sealed class GuardrailInPullRequestTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Token = "pu11-t0ken";
    private const string Baseline = "../before";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("reconciler-pull-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_root.FullName, "repository");

    public async ValueTask InitializeAsync()
    {
        var people = Enumerable
            .Range(1, 60)
            .Select(i => new SeedMember($"old{i}@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")));
        SeedMember[] members =
        [
            new("bot@example.com", SandboxAccess.Permissions("CAN_PERFORM_ADMIN_ACTIONS")),
            .. people,
        ];
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [new(ProjectId, "clarifeye-eu") { Members = [.. members] }] },
            },
            Cancellation
        );
        Write(
            "connections.yaml",
            """
            kind: AccessProvider
            metadata: {name: c}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {token: {env: RECONCILER_TOKEN}}
              actingAs: bot@example.com
            """
        );
        Write(
            "guardrails.yaml",
            "kind: Guardrail\nmetadata: {name: runner}\nspec: {selector: {}, protected: [bot@example.com]}\n"
        );
        Write("people/p.yaml", Membership(""));
        WriteLimits("people/limits.yaml", "{count: 10000}", "{count: 100000, window: 1m}");
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Guardrail_in_pull_request()
    {
        var (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Held, output);
        Assert.Contains(
            "removals held: 60 removals over the provider's projects; the built-in limit allows 25 in an hour",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "limit loosened: the built-in limit allowed 25 removals per provider in an hour; "
                + "now 100000 in 1 minutes are allowed by the Guardrail mine",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("they only tighten", output, StringComparison.Ordinal);
        // The next apply must not let through what the first one held.
        (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Held, output);
        Assert.Equal(0, _sandbox.NonGetCount);
        (code, output) = await RunAsync("apply", "--yes", "--max-removals", "100");
        Assert.True(code == ExitCode.Done, output);
    }

    [Theory]
    [InlineData(
        "json",
        "\"loosened\": [\n        \"the Guardrail mine allowed 5 removals per project; now 10000 are allowed\""
    )]
    [InlineData(
        "markdown",
        "! limit loosened: the Guardrail mine allowed 5 removals per project; now 10000 are allowed"
    )]
    [InlineData(
        "github",
        "c%3A p%3A limit loosened::the Guardrail mine allowed 5 removals per project; now 10000 are allowed"
    )]
    [InlineData(
        "text",
        "Limits are loosened in 1 project: the limits last applied count in this apply, the new ones from the next on."
    )]
    public async Task What_a_pull_request_loosens_of_the_baseline_is_said_in_every_format(string format, string text)
    {
        Write("../before/p.yaml", Membership(""));
        Write("../before/c.yaml", File.ReadAllText(Path.Combine(Folder, "connections.yaml"))[36..]);
        WriteLimits("../before/limits.yaml", "{count: 5}", "{count: 100, window: 1h}");
        var (code, output) = await RunAsync("plan", "--baseline", Baseline, "--format", format);
        Assert.True(code == ExitCode.Held, output);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Label_dropped()
    {
        Write(
            "people/limits.yaml",
            "kind: Guardrail\nmetadata: {name: prod}\nspec: {selector: {matchLabels: {tier: prod}}, "
                + "maxRemovals: {count: 0}, maxRemovalsPerProvider: {count: 100}}\n"
        );
        Write("people/p.yaml", Membership(", labels: {tier: prod}", Everybody));
        var (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Done, output);

        Write(
            "people/p.yaml",
            Membership(
                "",
                Everybody.Replace(
                    "- {email: old60@example.com, access: {permissions: [CAN_VIEW_DATA]}}\n",
                    "",
                    StringComparison.Ordinal
                )
            )
        );
        (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Held, output);
        Assert.Contains(
            "limit loosened: the labels changed from tier=prod to none, so other Guardrails may select the project",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "held: 1 removal; the Guardrail prod, as last applied, allows 0 a project",
            output,
            StringComparison.Ordinal
        );

        Write("people/p.yaml", Membership("", Everybody));
        (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Done, output);
        Write(
            "people/p.yaml",
            Membership(
                "",
                Everybody.Replace(
                    "- {email: old60@example.com, access: {permissions: [CAN_VIEW_DATA]}}\n",
                    "",
                    StringComparison.Ordinal
                )
            )
        );
        (code, output) = await RunAsync("apply", "--yes");
        Assert.True(code == ExitCode.Done, output);
        Assert.Contains("1 removed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--guardrails", "people/limits.yaml")]
    [InlineData("--guardrails", "people/../people/limits.yaml")]
    [InlineData("--guardrails", ".")]
    [InlineData("--approvals", "people/approvals")]
    [InlineData("--connections", "people")]
    [InlineData("--connections", "link/p.yaml")]
    [InlineData("--secrets-dir", "people/.secrets")]
    [InlineData("--secrets-dir", "way")]
    public async Task What_the_runner_names_never_lies_where_manifests_are_read(string option, string path)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "people/.secrets"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), Path.Combine(Folder, "people"));
        // A link among the manifests can be changed there, wherever it leads to.
        Directory.CreateDirectory(Path.Combine(_root.FullName, "elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "people/hop"), Path.Combine(_root.FullName, "elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "way"), Path.Combine(Folder, "people/hop"));
        var (code, output) = await WithAsync([
            "plan",
            "people",
            option,
            path,
            .. option == "--connections" ? Array.Empty<string>() : ["--connections", "connections.yaml"],
        ]);
        Assert.True(code == ExitCode.Problems, output);
        Assert.Contains($"error: {option}", output, StringComparison.Ordinal);
        Assert.Contains(
            "lie in one another, so a change of the manifests could change it too",
            output,
            StringComparison.Ordinal
        );
        Assert.Empty(_sandbox.RequestCounts);
    }

    private static string Everybody =>
        string.Concat(
            Enumerable
                .Range(1, 60)
                .Select(i => $"- {{email: old{i}@example.com, access: {{permissions: [CAN_VIEW_DATA]}}}}\n")
        );

    private static string Membership(string labels, string more = "") =>
        $"kind: ProjectMembership\nmetadata: {{name: p{labels}}}\nspec:\n  provider: c\n"
        + $"  projectId: {ProjectId}\n  prune: all\n  members:\n"
        + "  - {email: bot@example.com, access: {permissions: [CAN_PERFORM_ADMIN_ACTIONS]}}\n"
        + more.Replace("- {", "  - {", StringComparison.Ordinal);

    private void WriteLimits(string path, string project, string provider) =>
        Write(
            path,
            "kind: Guardrail\nmetadata: {name: mine}\n"
                + $"spec: {{selector: {{}}, maxRemovals: {project}, maxRemovalsPerProvider: {provider}}}\n"
        );

    private void Write(string path, string text)
    {
        var full = Path.GetFullPath(path, Folder);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, $"apiVersion: reconciler.dev/v1alpha1\n{text}");
    }

    private Task<(int Code, string Output)> RunAsync(params string[] words) =>
        WithAsync([
            words[0],
            "people",
            "--guardrails",
            "guardrails.yaml",
            "--connections",
            "connections.yaml",
            .. words[1..],
        ]);

    private async Task<(int Code, string Output)> WithAsync(string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = output,
            Error = output,
            In = TextReader.Null,
            Folder = Folder,
            Variable = name => name == "RECONCILER_TOKEN" ? Token : null,
        };
        var code = await Cli.RunAsync(
            [.. words, "--base-url", $"c={_sandbox.BaseUrl("clarifeye-eu")}"],
            environment,
            Cancellation
        );
        return (code, output.ToString());
    }
}
