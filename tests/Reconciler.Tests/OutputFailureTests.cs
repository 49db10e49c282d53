using System.Text;
using Reconciler.Sandbox;
using Reconciler.Testing.Hosts;

namespace Reconciler.Tests;

/// <summary>
/// An output that cannot be written, as on a full disk: a sentence, exit code 1, and nothing half done.
/// </summary>
public sealed class OutputFailureTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Sentence = "error: the output cannot be written: No space left on device\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-full-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = "t0ken", Projects = [new(ProjectId, "clarifeye-eu")] },
            },
            Cancellation
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("people").FullName, "a.yaml"),
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: clarifeye-eu}
            spec:
              type: clarifeye
              baseUrl: https://eu.app.clarifeye.ai/api/v1
              credentials: {token: {env: RECONCILER_CLARIFEYE_TOKEN}}
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: fraud-detection}
            spec:
              provider: clarifeye-eu
              projectId: {{{ProjectId}}}
              members:
              - {email: ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}
              - {email: bob@example.com, access: {permissions: [CAN_VIEW_DATA]}}
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
    [InlineData("plan people")]
    [InlineData("plan people --format json")]
    [InlineData("plan people --format markdown")]
    [InlineData("plan people --format github")]
    [InlineData("plan people --mask-emails")]
    [InlineData("report people --format html")]
    [InlineData("apply people --yes")]
    public async Task Where_nothing_can_be_printed_nothing_is_written_at_a_vendor(string line)
    {
        var (code, error) = await RunAsync(new FullDisk(), line);
        Assert.Equal((ExitCode.Failed, Sentence), (code, error[error.IndexOf("error:", StringComparison.Ordinal)..]));
        Assert.Equal(0, _sandbox.NonGetCount);
    }

    [Theory]
    [InlineData("validate people")]
    [InlineData("--help")]
    [InlineData("plan --help")]
    [InlineData("show crds")]
    [InlineData("show schema")]
    [InlineData("show providers")]
    [InlineData("completion bash")]
    public async Task A_full_disk_is_a_sentence_for_every_verb(string line)
    {
        var (code, error) = await RunAsync(new FullDisk(), line);
        Assert.Equal(ExitCode.Failed, code);
        Assert.EndsWith(Sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("not foreseen", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full_in_the_middle_of_an_apply_does_not_stop_it()
    {
        var (code, error) = await RunAsync(new FullDisk("[1/2]"), "apply people --yes");
        Assert.Equal(ExitCode.Failed, code);
        Assert.EndsWith(Sentence, error, StringComparison.Ordinal);
        Assert.Equal(2, _sandbox.Connection("clarifeye-eu").Invitations(ProjectId).Count);
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(ExitCode.Done, (await RunAsync(output, "plan people --detailed-exitcode")).Code);
    }

    private async Task<(int Code, string Error)> RunAsync(TextWriter output, string line)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var environment = CommandLines.Environment(output) with
        {
            Error = error,
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? "t0ken" : null,
        };
        string[] place = line.Contains("people", StringComparison.Ordinal)
            ? ["--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"]
            : [];
        return (await Cli.RunAsync([.. line.Split(' '), .. place], environment, Cancellation), error.ToString());
    }

    /// <summary>Takes text until one holds a word, and nothing after it; without a word nothing at all.</summary>
    private sealed class FullDisk(string? last = null) : TextWriter
    {
        private bool _isFull = last is null;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Take("");

        public override void Write(string? value) => Take(value);

        public override void WriteLine(string? value) => Take(value);

        private void Take(string? value)
        {
            if (_isFull)
                throw new IOException("No space left on device");
            _isFull = value?.Contains(last!, StringComparison.Ordinal) == true;
        }
    }
}
