using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Verbs;

namespace Reconciler.Tests;

/// <summary><c>report</c> over five vendors at once.</summary>
public sealed class ReportVerbTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-report-");
    private SandboxServer _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await DemoRun.StartAsync();
        foreach (var (name, manifests) in DemoStory.Before)
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), manifests, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_reads_every_vendor_and_leaves_no_trace_there_or_here()
    {
        var before = Directory.GetFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories);
        var (code, text) = await RunAsync("report", "--by", "provider");
        Assert.True(code == ExitCode.Done, text);
        Assert.All(
            DemoStory.Projects,
            p => Assert.Contains($"\n{p.Connection} (", $"\n{text}", StringComparison.Ordinal)
        );
        Assert.Equal(0, _sandbox.NonGetCount);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_vendor_that_is_down_is_named_the_others_are_shown_and_the_exit_code_tells()
    {
        _sandbox.Inject(Fault.Answer(500) with { Connection = "confident-ai-eu", Times = null });
        var (code, text) = await RunAsync("report");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("failed: confident-ai-eu: evals", text, StringComparison.Ordinal);
        Assert.Contains("in the 4 of 5 projects that could be read at 4 providers", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "clarifeye-eu: ")]
    [InlineData("csv", "person,account,")]
    [InlineData("json", "{")]
    [InlineData("markdown", "# Access review")]
    [InlineData("html", "<!doctype html>")]
    public async Task A_file_gets_what_would_be_printed_and_only_its_owner_can_read_it(string format, string start)
    {
        var (code, text) = await RunAsync("report", "--format", format, "--out", "access.out");
        Assert.True(code == ExitCode.Done, text);
        Assert.EndsWith("Written to access.out.\n", text, StringComparison.Ordinal);
        var file = Path.Combine(_folder.FullName, "access.out");
        Assert.StartsWith(start, await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Since_when_comes_from_the_apply_that_invited()
    {
        Assert.Equal(ExitCode.Done, (await RunAsync("apply", "--yes")).Code);
        var (_, text) = await RunAsync("report", "--by", "person");
        Assert.Contains(
            "since ",
            text[text.IndexOf(DemoStory.Invited, StringComparison.Ordinal)..],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("There is no audit trail", text, StringComparison.Ordinal);
        Assert.Contains(
            "There is no audit trail",
            (await RunAsync("report", "--no-state")).Text,
            StringComparison.Ordinal
        );
    }

    private Task<(int Code, string Text)> RunAsync(params string[] words) =>
        DemoRun.RunAsync(_sandbox, _folder.FullName, words);
}
