using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Tests;

/// <summary><c>--mask-emails</c> over whole command lines, with vendors that put addresses into their errors.</summary>
public sealed class MaskedOutputTests : IAsyncLifetime
{
    private const string ProjectId = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    private const string Refusal =
        """{"detail":"ana@example.com was refused; ask \"Boss <boss@vendor.example>\" or chief%40vendor.example"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-masked-");
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
                Seed = new() { Token = "t", Projects = [new(ProjectId, "clarifeye-eu") { Members = [.. members] }] },
            },
            Cancellation
        );
        await WriteAsync(
            "ana@example.com, access: {permissions: [CAN_VIEW_DATA]}}, {email: old1@example.com, access: {permissions: [CAN_VIEW_DATA]}"
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
    public async Task A_plan_with_a_vendors_error_has_no_address(string format)
    {
        Assert.Contains('@', await RunAsync(ExitCode.Done, "plan", "people", "--format", format));
        Assert.DoesNotContain(
            '@',
            await RunAsync(ExitCode.Done, "plan", "people", "--format", format, "-vv", "--mask-emails")
        );
        _sandbox.Inject(Fault.Answer(400, Refusal) with { Method = "GET", Times = null });
        var failed = await RunAsync(ExitCode.Failed, "plan", "people", "--format", format, "--mask-emails");
        Assert.DoesNotContain('@', failed);
        Assert.DoesNotContain("chief", failed, StringComparison.Ordinal);
        Assert.Contains("was refused", failed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("markdown")]
    public async Task A_report_with_a_vendors_error_has_no_address(string format)
    {
        Assert.Contains('@', await RunAsync(ExitCode.Done, "report", "people", "--format", format));
        Assert.DoesNotContain(
            '@',
            await RunAsync(ExitCode.Done, "report", "people", "--format", format, "-vv", "--mask-emails")
        );
        _sandbox.Inject(Fault.Answer(400, Refusal) with { Method = "GET", Times = null });
        var failed = await RunAsync(ExitCode.Failed, "report", "people", "--format", format, "--mask-emails");
        Assert.DoesNotContain('@', failed);
        Assert.DoesNotContain("chief", failed, StringComparison.Ordinal);
        Assert.Contains("was refused", failed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("github")]
    public async Task An_apply_with_refused_writes_has_no_address(string format)
    {
        _sandbox.Inject(Fault.Answer(400, Refusal) with { Method = "POST", Times = null });
        var output = await RunAsync(
            ExitCode.Partly,
            "apply",
            "people",
            "--format",
            format,
            "--yes",
            "-vv",
            "--mask-emails"
        );
        Assert.DoesNotContain('@', output);
        Assert.Contains("a…(at)e…#1", output, StringComparison.Ordinal);
        Assert.Contains("was refused", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("github")]
    public async Task Problems_have_no_address(string format)
    {
        await WriteAsync("ana@example.com, role: boss@example.com}, {email: two@three@example.com");
        Assert.Contains('@', await RunAsync(ExitCode.Problems, "validate", "people", "--format", format));
        Assert.DoesNotContain(
            '@',
            await RunAsync(ExitCode.Problems, "validate", "people", "--format", format, "--mask-emails")
        );
    }

    [Fact]
    public async Task What_was_typed_wrong_has_no_address_either()
    {
        Assert.DoesNotContain(
            '@',
            await RunAsync(ExitCode.Problems, "plan", "people", "--project", "ana@example.com", "--mask-emails")
        );
        Assert.DoesNotContain(
            '@',
            await RunAsync(ExitCode.Usage, "plan", "people", "--mask-emails", "--max-removals", "ana@example.com")
        );
    }

    [Fact]
    public async Task The_digest_is_the_one_of_the_plan_that_is_applied()
    {
        var (open, masked) = (
            await RunAsync(ExitCode.Done, "plan", "people"),
            await RunAsync(ExitCode.Done, "plan", "people", "--mask-emails")
        );
        Assert.Equal(
            open.Split('\n').Single(l => l.StartsWith("Digest ", StringComparison.Ordinal)),
            masked.Split('\n').Single(l => l.StartsWith("Digest ", StringComparison.Ordinal))
        );
    }

    private Task WriteAsync(string members) =>
        File.WriteAllTextAsync(
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
            spec: {provider: clarifeye-eu, projectId: {{{ProjectId}}}, prune: all, members: [{email: {{{members}}}}]}
            """,
            Cancellation
        );

    private async Task<string> RunAsync(int expected, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var shared = TextWriter.Synchronized(output);
        var environment = new CliEnvironment
        {
            Out = shared,
            Error = shared,
            In = TextReader.Null,
            Folder = _folder.FullName,
            Variable = name => name == "RECONCILER_CLARIFEYE_TOKEN" ? "t" : null,
        };
        var code = await Cli.RunAsync(
            [.. words, "--base-url", $"clarifeye-eu={_sandbox.BaseUrl("clarifeye-eu")}"],
            environment,
            Cancellation
        );
        Assert.True(expected == code, $"{string.Join(' ', words)} exited with {code}:\n{output}");
        return output.ToString();
    }
}
