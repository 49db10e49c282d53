using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Verbs;

namespace Reconciler.Tests;

/// <summary>The demo's company, at five vendors in one run, while one of them does not work.</summary>
public sealed class OneVendorDownTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-down-");

    [Theory]
    [InlineData("clarifeye-eu", FaultKind.Answer, "answered 500")]
    [InlineData("confident-ai-eu", FaultKind.Answer, "answered 500")]
    [InlineData("equinix-metal", FaultKind.Answer, "answered 500")]
    [InlineData("gorules-acme", FaultKind.Answer, "answered 500")]
    [InlineData("redmine-acme", FaultKind.Answer, "answered 500")]
    [InlineData("clarifeye-eu", FaultKind.Reset, "GET /")]
    [InlineData("gorules-acme", FaultKind.Reset, "GET /")]
    public async Task The_others_converge_and_the_summary_names_what_failed_and_why(
        string down,
        FaultKind kind,
        string why
    )
    {
        await using var sandbox = await DemoRun.StartAsync();
        sandbox.Inject(
            (kind == FaultKind.Answer ? Fault.Answer(500) : new Fault(kind)) with
            {
                Connection = down,
                Times = null,
            }
        );

        var (code, text) = await RunAsync(sandbox, "apply", "--yes");

        Assert.True(code == ExitCode.Partly, text);
        var told = Assert.Single(text.Split('\n'), l => l.StartsWith("not read: ", StringComparison.Ordinal));
        Assert.StartsWith($"not read: {down}: default/", told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
        Assert.Contains("Applied: 4 invited, ", text, StringComparison.Ordinal);
        await OthersHaveConvergedAsync(sandbox, down);
    }

    [Theory]
    [InlineData("confident-ai-eu", FaultKind.Answer, "answered 500")]
    [InlineData("equinix-metal", FaultKind.Reset, "POST /")]
    public async Task A_vendor_that_can_be_read_and_not_written_to_is_told_with_the_action_that_failed(
        string down,
        FaultKind kind,
        string why
    )
    {
        await using var sandbox = await DemoRun.StartAsync();
        sandbox.Inject(
            (kind == FaultKind.Answer ? Fault.Answer(500) : new Fault(kind)) with
            {
                Connection = down,
                Method = "POST",
                Times = null,
            }
        );

        var (code, text) = await RunAsync(sandbox, "apply", "--yes");

        Assert.True(code == ExitCode.Partly, text);
        var told = Assert.Single(text.Split('\n'), l => l.StartsWith("failed: ", StringComparison.Ordinal));
        Assert.Contains($"invite  {DemoStory.Invited}", told, StringComparison.Ordinal);
        Assert.Contains(down, told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
        await OthersHaveConvergedAsync(sandbox, down);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task OthersHaveConvergedAsync(SandboxServer sandbox, string down)
    {
        sandbox.ClearFaults();
        var others = DemoStory.Projects.Where(p => p.Connection != down).ToList();
        Assert.All(others, p => Assert.Equal(1, sandbox.Connection(p.Connection).MailsTo(DemoStory.Invited)));
        Assert.Equal(0, sandbox.Connection(down).MailsTo(DemoStory.Invited));
        var (code, text) = await RunAsync(
            sandbox,
            ["plan", "--detailed-exitcode", .. others.SelectMany(p => (string[])["--provider", p.Connection])]
        );
        Assert.True(code == ExitCode.Done, text);
    }

    private async Task<(int Code, string Text)> RunAsync(SandboxServer sandbox, params string[] words)
    {
        foreach (var (name, manifests) in DemoStory.Before)
            await File.WriteAllTextAsync(
                Path.Combine(_folder.FullName, name),
                manifests,
                TestContext.Current.CancellationToken
            );
        return await DemoRun.RunAsync(sandbox, _folder.FullName, words);
    }
}
