using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Faults;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Crashes;

/// <summary>A signal in the middle of an apply: Ctrl-C, and what a container is stopped with.</summary>
[Trait("Runs", "Program")]
public sealed partial class InterruptTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_lets_the_requests_under_way_finish_begins_nothing_more_and_says_where_it_stopped(
        string signal
    )
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        // One vendor asks for patience, so that its waiting action tells that the signal was heard; at another a
        // request is under way.
        scene.Server.Inject(
            Fault.TooManyRequests(20) with
            {
                Connection = "clarifeye-contract",
                Path = "/invites/invite/",
                Method = "POST",
                Times = null,
            }
        );
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled) { StopsAll = false });
        using var process = scene.Start("apply", "--yes");
        await process.UntilAsync(underWay);
        // The others are done by then, so that the signal meets one write and no reading.
        foreach (var other in new[] { "confident-ai-contract", "gorules-contract" })
            await process.UntilSaidAsync($"remove-2@example.com in {other}: {other} done");

        await process.SignalAsync(signal);
        await process.UntilSaidAsync("in clarifeye-contract: clarifeye-contract not tried: interrupted");
        scene.Gate.GoOn();

        Assert.True(await process.EndAsync() == ExitCode.Interrupted, process.Said);
        var untried = process
            .Said.Split('\n')
            .Count(l => l.EndsWith(" not tried: interrupted", StringComparison.Ordinal));
        var done = process
            .Said.Split('\n')
            .Count(l => l.StartsWith('[') && l.EndsWith(" done", StringComparison.Ordinal));
        Assert.True(done + untried == undisturbed.Actions && done > 0, process.Said);
        Assert.Equal(
            untried.ToString(CultureInfo.InvariantCulture),
            Interrupted().Match(process.Said).Groups["untried"].Value
        );
        Assert.Equal(0, await scene.OpenIntentsAsync());

        scene.Server.ClearFaults();
        var (code, said) = await scene.RunAsync(["apply", "--yes"]);
        Assert.True(code == ExitCode.Done, said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
        Assert.Equal(undisturbed.Mails, scene.Mails());
    }

    [GeneratedRegex(
        "^Interrupted: (?<untried>[0-9]+) actions were not tried",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Interrupted();
}
