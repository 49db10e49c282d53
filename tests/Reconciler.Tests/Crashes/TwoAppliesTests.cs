using Reconciler.Sandbox;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Crashes;

/// <summary>Two applies in two processes on one state file.</summary>
[Trait("Runs", "Program")]
public sealed class TwoAppliesTests
{
    // In the middle of the writes, with some of the forty done.
    private static readonly StopPoint Middle = new("equinix-metal-contract", 6, SandboxPhase.Handled);

    [Fact]
    public async Task The_second_waits_for_the_first_names_it_and_finds_nothing_left_to_do()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var first = await StartAsync(scene);
        using var second = scene.Start("apply", "--yes");
        await second.UntilSaidAsync("Waiting for ");
        Assert.Contains($"\"apply\" (process {first.Id} of ", second.Said, StringComparison.Ordinal);
        scene.Gate.GoOn();

        Assert.True(await first.EndAsync() == ExitCode.Done, first.Said);
        Assert.True(await second.EndAsync() == ExitCode.Done, second.Said);
        Assert.Contains("No changes", second.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("Applied:", second.Said, StringComparison.Ordinal);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task A_second_that_may_not_wait_ends_and_names_the_first()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var first = await StartAsync(scene);
        var before = scene.Server.Requests.Length;
        using var second = scene.Start("apply", "--yes", "--lock-timeout", "0s");

        Assert.True(await second.EndAsync() == ExitCode.Failed, second.Said);
        Assert.Contains($"is in use by \"apply\" (process {first.Id} of ", second.Said, StringComparison.Ordinal);
        Assert.Equal(before, scene.Server.Requests.Length);
        scene.Gate.GoOn();
        Assert.True(await first.EndAsync() == ExitCode.Done, first.Said);
    }

    [Fact]
    public async Task The_second_goes_on_where_the_first_was_killed()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var first = await StartAsync(scene);
        using var second = scene.Start("apply", "--yes", "--lock-timeout", "1h");
        await second.UntilSaidAsync("Waiting for ");
        // Opened first, so that no request of the second is caught; whatever the first gets done meanwhile only moves
        // the point it is killed at.
        scene.Gate.Open();
        await first.KillAsync();

        Assert.True(await second.EndAsync() == ExitCode.Done, second.Said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    private static async Task<ProgramProcess> StartAsync(CrashScene scene)
    {
        var reached = scene.Gate.StopAt(Middle);
        var first = scene.Start("apply", "--yes");
        await first.UntilAsync(reached);
        return first;
    }
}
