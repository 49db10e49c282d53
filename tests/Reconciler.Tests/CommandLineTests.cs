using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary>What a person meets on the command line: the question, colour, interruption, secrets.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Token = "c0mmand-t0ken";
    private const string Red = "\u001b[1;31m";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-cli-");
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync()
    {
        var members = Enumerable
            .Range(1, 4)
            .Select(i => new SeedMember($"old{i}@example.com", SandboxAccess.Permissions("CAN_VIEW_DATA")));
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [new(ProjectId, "clarifeye-eu") { Members = [.. members] }] },
            },
            Cancellation
        );
        await WriteAsync("old1@example.com", "ana@example.com");
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("no")]
    [InlineData("y")]
    [InlineData("")]
    public async Task Any_answer_but_yes_applies_nothing(string answer)
    {
        var (code, output) = await RunAsync(
            e => e with { CanAsk = true, In = new StringReader(answer) },
            "apply",
            "people"
        );
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("3 of the changes take access away.", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was applied.", output, StringComparison.Ordinal);
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    [Fact]
    public async Task Yes_applies_what_was_shown()
    {
        var (code, output) = await RunAsync(
            e => e with { CanAsk = true, In = new StringReader("yes\n") },
            "apply",
            "people"
        );
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("Applied: 1 invited, 3 removed; 0 failed, 0 skipped.", output, StringComparison.Ordinal);
        Assert.Equal(["old1@example.com"], _sandbox.Connection("clarifeye-eu").Members(ProjectId).Select(m => m.Email));
    }

    [Fact]
    public async Task Ctrl_C_at_the_question_does_not_wait_for_an_answer()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var nobody = new NobodyAnswers();
        var running = RunAsync(e => e with { CanAsk = true, In = nobody }, stop.Token, "apply", "people");
        await nobody.Asked.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await stop.CancelAsync();
        var (code, output) = await running.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("Interrupted before anything was written.", output, StringComparison.Ordinal);
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    [Fact]
    public async Task An_interrupted_apply_finishes_the_action_in_flight_and_says_where_it_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _sandbox.Inject(
            new(FaultKind.Delay)
            {
                Method = "POST",
                Path = "/invite/",
                Delay = TimeSpan.FromSeconds(6),
            }
        );
        using var printed = new PlanPrinted();
        var running = RunAsync(e => e with { Out = printed }, stop.Token, "apply", "people", "--yes");
        // The plan is printed whole, so the invitation is on its way within the sandbox's six seconds.
        await printed.Seen.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Cancellation);
        await stop.CancelAsync();
        var (code, _) = await running;
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains(
            "Interrupted: 3 actions were not tried. Run apply again to go on; what is done is done.",
            printed.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(1, _sandbox.Connection("clarifeye-eu").MailsTo("ana@example.com"));
        Assert.Equal(4, _sandbox.Connection("clarifeye-eu").Members(ProjectId).Count);
    }

    [Fact]
    public async Task Removals_are_red_on_a_terminal_and_nothing_is_where_colour_is_not_wanted()
    {
        var (_, coloured) = await RunAsync(e => e with { OutIsTerminal = true }, "plan", "people");
        Assert.Contains($"{Red}3 to remove", coloured, StringComparison.Ordinal);
        foreach (
            var plain in new[]
            {
                await RunAsync(e => e, "plan", "people"),
                await RunAsync(e => e with { OutIsTerminal = true }, "plan", "people", "--no-color"),
                await RunAsync(
                    e =>
                        e with
                        {
                            OutIsTerminal = true,
                            Variable = name => name == "NO_COLOR" ? "1" : e.Variable(name),
                        },
                    "plan",
                    "people"
                ),
            }
        )
        {
            Assert.DoesNotContain('\u001b', plain.Output);
        }
    }

    [Fact]
    public async Task Very_verbose_output_names_each_request_and_no_secret()
    {
        var (code, output) = await RunAsync(e => e, "plan", "people", "-vv");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"/api/v1/projects/{ProjectId}/users/ → 200", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_read_from_a_file_below_the_folder_of_secrets_and_from_nowhere_else()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "outside"), Token, Cancellation);
        var secrets = _folder.CreateSubdirectory("secrets");
        await File.WriteAllTextAsync(Path.Combine(secrets.FullName, "token"), Token + "\n", Cancellation);
        File.CreateSymbolicLink(Path.Combine(secrets.FullName, "link"), Path.Combine(_folder.FullName, "outside"));
        var (found, _) = await WithTokenAsync("{file: token}", "--secrets-dir", "secrets");
        Assert.Equal(ExitCode.Done, found);
        var (escaped, output) = await WithTokenAsync("{file: link}", "--secrets-dir", "secrets");
        Assert.Equal(ExitCode.Failed, escaped);
        Assert.Contains("lies outside --secrets-dir", output, StringComparison.Ordinal);
        var (none, without) = await WithTokenAsync("{file: token}");
        Assert.Equal(ExitCode.Failed, none);
        Assert.Contains("run with --secrets-dir", without, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> WithTokenAsync(string source, params string[] options)
    {
        await WriteAsync(["old1@example.com"], source);
        return await RunAsync(e => e, ["plan", "people", .. options]);
    }

    private Task WriteAsync(params string[] emails) => WriteAsync(emails, "{env: RECONCILER_CLARIFEYE_TOKEN}");

    private async Task WriteAsync(string[] emails, string token)
    {
        var members = string.Join(
            ", ",
            emails.Select(e => $"{{email: {e}, access: {{permissions: [CAN_VIEW_DATA]}}}}")
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
              credentials: {token: {{{token}}}}
              actingAs: bot@example.com
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud-detection}
            spec: {provider: clarifeye-eu, projectId: {{{ProjectId}}}, prune: all, members: [{{{members}}}]}
            """,
            Cancellation
        );
    }

    private Task<(int Code, string Output)> RunAsync(
        Func<CliEnvironment, CliEnvironment> change,
        params string[] words
    ) => RunAsync(change, Cancellation, words);

    private async Task<(int Code, string Output)> RunAsync(
        Func<CliEnvironment, CliEnvironment> change,
        CancellationToken cancellation,
        params string[] words
    )
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
            change(environment),
            cancellation
        );
        return (code, output.ToString());
    }

    /// <summary>A console at which nobody sits: reading blocks, and knows no token.</summary>
    private sealed class NobodyAnswers : TextReader
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _over = new();

        public Task Asked => _asked.Task;

        public override string? ReadLine()
        {
            _asked.TrySetResult();
            _over.Wait(TestContext.Current.CancellationToken);
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _over.Set();
            base.Dispose(disposing);
        }
    }

    private sealed class PlanPrinted : StringWriter
    {
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Seen => _seen.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("Digest ", StringComparison.Ordinal) == true)
                _seen.TrySetResult();
        }
    }
}
