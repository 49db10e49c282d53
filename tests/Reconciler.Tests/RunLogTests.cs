using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary><c>-v</c> and <c>-vv</c> over real HTTP: what a run tells of itself on the error output.</summary>
public sealed partial class RunLogTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Token = "c0mmand-t0ken";
    private const string Connection = "clarifeye-eu";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-log-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        SeedMember[] members =
        [
            new("old1@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")),
            new("old2@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")),
        ];
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [new(ProjectId, Connection) { Members = [.. members] }] },
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
              members:
              - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}
              - {email: old1@example.com, access: {permissions: [CAN_VIEW_DATA]}}
            """,
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task One_v_tells_each_pass_project_and_phase_and_no_request()
    {
        var (code, _, log) = await RunAsync("apply", "people", "--yes", "-v");
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(
            [
                "manifests read: 2 documents, 1 project, 1 provider",
                "reading 1 project",
                "reading 1/1 projects: clarifeye-eu: fraud-detection: 2 members, 0 invited, 2 changes",
                "planned: 2 changes, 0 projects held, 0 projects not read",
                "applying 2 changes",
                "clarifeye-eu: fraud-detection: grants: 1 of 1 done",
                "clarifeye-eu: fraud-detection: removals: 1 of 1 done",
                "applying 2/2 changes: clarifeye-eu: fraud-detection: over",
            ],
            log.Select(l => l.Text)
        );
    }

    [Theory]
    [InlineData("-vv")]
    [InlineData("-v -v")]
    [InlineData("--verbose -v")]
    public async Task Two_tell_each_request_with_the_id_that_the_vendor_received(string twice)
    {
        var (code, output, log) = await RunAsync(["apply", "people", "--yes", .. twice.Split(' ')]);
        Assert.Equal(ExitCode.Done, code);
        var told = log.Select(l => RequestLine().Match(l.Text)).Where(m => m.Success).ToList();
        Assert.NotEmpty(told);
        var root = new Uri(_sandbox.Url).Authority;
        Assert.Equal(
            _sandbox.Requests.Select(r => $"{r.Method} {root}{r.Target.Split('?')[0]} {r.Status} {r.RequestId}"),
            told.Select(m =>
                $"{m.Groups["method"].Value} {m.Groups["url"].Value} {m.Groups["status"].Value} {m.Groups["id"].Value}"
            )
        );
        Assert.Equal(told.Count, told.Select(m => m.Groups["id"].Value).Distinct().Count());
        Assert.DoesNotContain("attempt 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_it_nothing_is_told()
    {
        var (_, output, log) = await RunAsync("plan", "people");
        Assert.Empty(log);
        Assert.DoesNotContain("request ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_names_the_id_that_the_vendor_received()
    {
        _sandbox.Inject(Fault.Answer(400, """{"detail":"no"}""") with { Method = "GET", Times = null });
        var (code, output, _) = await RunAsync("plan", "people");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(
            $"answered 400: no (request {Assert.Single(_sandbox.Requests).RequestId})",
            output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("401")]
    [InlineData("redirect")]
    [InlineData("reset")]
    [InlineData("html")]
    [InlineData("none")]
    public async Task No_token_is_told_whatever_the_vendor_answers(string fault)
    {
        if (fault != "none")
            _sandbox.Inject(FaultOf(fault) with { Times = null });
        foreach (
            var verb in new[]
            {
                "plan",
                "apply --yes",
                "report",
                "import --all",
                $"import --project {Guid.Empty}",
                "offboard old1@example.com --dry-run",
                "invitations list",
            }
        )
        {
            var words = verb.Split(' ');
            var (_, output, log) = await RunAsync([.. words, "people", "-vv"]);
            Assert.DoesNotContain(
                Token,
                output + string.Join('\n', log.Select(l => l.Text)),
                StringComparison.OrdinalIgnoreCase
            );
        }

        Assert.NotEmpty(_sandbox.Requests);
    }

    [Fact]
    public async Task A_request_without_an_answer_says_why()
    {
        _sandbox.Inject(FaultOf("reset"));
        var (_, _, log) = await RunAsync("plan", "people", "-vv");
        Assert.Contains(
            log,
            l =>
                l.Text.Contains(
                    "→ no answer (lost its connection before the whole answer came) in ",
                    StringComparison.Ordinal
                ) && l.Text.Contains(", attempt 1, request ", StringComparison.Ordinal)
        );
        Assert.Contains(
            log,
            l =>
                l.Text.Contains("→ 200 in ", StringComparison.Ordinal)
                && l.Text.Contains(", attempt 2, request ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_steps_tell_has_no_address_where_addresses_are_masked()
    {
        _sandbox.Inject(
            Fault.Answer(400, """{"detail":"ask chief@vendor.example\u001b[31m"}""") with
            {
                Method = "GET",
                Times = null,
            }
        );
        var (_, output, log) = await RunAsync("plan", "people", "-vv", "--mask-emails");
        Assert.Contains(
            log,
            l =>
                l.Text.Contains("not read: ", StringComparison.Ordinal)
                && l.Text.Contains("ask c…(at)v…#1", StringComparison.Ordinal)
        );
        Assert.DoesNotContain('@', output + string.Join('\n', log.Select(l => l.Text)));
        Assert.All(log, l => Assert.DoesNotContain('\u001b', l.Text));
    }

    private static Fault FaultOf(string name) =>
        name switch
        {
            "401" => Fault.Answer(401, $$"""{"detail":"Invalid token {{Token}}."}"""),
            "redirect" => Fault.RedirectTo($"https://{Token}.example"),
            "html" => Fault.Html(),
            _ => new(FaultKind.Reset),
        };

    private async Task<(int Code, string Output, IReadOnlyList<Told> Log)> RunAsync(params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var shared = TextWriter.Synchronized(error);
        var environment = new CliEnvironment
        {
            Out = output,
            Error = shared,
            In = TextReader.Null,
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? Token : null,
        };
        var code = await Cli.RunAsync(
            [.. words, "--base-url", $"{Connection}={_sandbox.BaseUrl(Connection)}"],
            environment,
            Cancellation
        );
        var lines = error.ToString().Split('\n');
        return (
            code,
            output.ToString() + string.Join('\n', lines.Where(l => !LogLine().IsMatch(l))),
            [.. lines.Select(l => LogLine().Match(l)).Where(m => m.Success).Select(Told.Of)]
        );
    }

    [GeneratedRegex(
        @"^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?<text>.*)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex LogLine();

    [GeneratedRegex(
        @"^(?<method>[A-Z]+) (?<url>\S+) → (?<status>\d+) in \d+ ms, attempt 1, request (?<id>[0-9a-f-]{36})$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex RequestLine();

    private sealed record Told(DateTimeOffset At, string Text)
    {
        public static Told Of(Match line) =>
            new(
                DateTimeOffset.Parse(line.Groups["time"].Value, CultureInfo.InvariantCulture),
                line.Groups["text"].Value
            );
    }
}
