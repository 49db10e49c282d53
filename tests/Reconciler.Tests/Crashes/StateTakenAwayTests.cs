using System.Diagnostics;
using Reconciler.Sandbox;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Crashes;

/// <summary>The state file is deleted in the middle of an apply.</summary>
public sealed class StateTakenAwayTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-wal", "-shm")]
    [InlineData("", "-wal", "-shm")]
    public async Task An_apply_sends_nothing_that_it_could_not_remember_and_the_next_one_completes_it(
        params string[] parts
    )
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no file that is open.");
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled));
        var apply = scene.RunAsync(["apply", "--yes"]);
        await underWay;
        foreach (var part in parts)
            File.Delete(scene.StateFile + part);
        var before = scene.Server.NonGetCount;
        scene.Gate.GoOn();

        var (code, said) = await apply;

        if (parts.Contains(""))
        {
            Assert.True(code is ExitCode.Failed or ExitCode.Partly, said);
            Assert.Contains("was deleted or moved away while it was in use", said, StringComparison.Ordinal);
            // Each vendor may have one write under way whose intent was saved.
            Assert.InRange(scene.Server.NonGetCount - before, 0, 8);
            Assert.False(File.Exists(scene.StateFile));
            var (again, refused) = await scene.RunAsync(["apply", "--yes"]);
            Assert.Equal(ExitCode.Failed, again);
            Assert.Contains("state.db.rescued holds what was saved", refused, StringComparison.Ordinal);
            var command = said.Split("put it back with: ")[1].Split(". Nothing more")[0];
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]))!;
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            (code, said) = await scene.RunAsync(["apply", "--yes"]);
        }

        Assert.True(code == ExitCode.Done, said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
        Assert.Equal(undisturbed.Mails, scene.Mails());
    }
}
