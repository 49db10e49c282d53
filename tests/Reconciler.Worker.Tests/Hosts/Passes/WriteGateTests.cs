using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;
using Reconciler.Testing;

namespace Reconciler.Worker.Tests.Hosts.Passes;

public sealed class WriteGateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-gate-");

    private string File => Path.Combine(_folder.FullName, "state.db");

    [Fact]
    public async Task Passes_of_one_worker_run_side_by_side_and_nobody_else_writes_meanwhile()
    {
        using var gate = new WriteGate(File, _ => { });
        var one = (await gate.EnterAsync([], 0, Cancellation))!;
        var other = (await gate.EnterAsync([], 0, Cancellation))!;
        Assert.Null(StateLock.TryAcquire(File, "apply", TimeProvider.System, out var holder));
        Assert.Equal("worker", holder!.Verb);
        one.Dispose();
        Assert.Null(StateLock.TryAcquire(File, "apply", TimeProvider.System, out _));
        other.Dispose();
        using var free = StateLock.TryAcquire(File, "apply", TimeProvider.System, out _);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task A_pass_waits_for_an_apply_and_says_for_whom()
    {
        var said = new TaskCompletionSource<Holder?>();
        using var gate = new WriteGate(File, holder => said.TrySetResult(holder));
        var apply = StateLock.TryAcquire(File, "apply", TimeProvider.System, out _)!;
        var entering = gate.EnterAsync([], 0, Cancellation);
        Assert.Equal("apply", (await said.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation))!.Verb);
        Assert.False(entering.IsCompleted);
        apply.Dispose();
        (await entering.WaitAsync(TimeSpan.FromMinutes(1), Cancellation))!.Dispose();
    }

    [Fact]
    public async Task An_apply_that_waits_gets_its_turn_though_passes_overlap_without_end()
    {
        using var gate = new WriteGate(File, _ => { });
        var inside = (await gate.EnterAsync([], 0, Cancellation))!;
        var apply = StateLock.AcquireAsync(
            File,
            "apply",
            TimeSpan.FromMinutes(1),
            _ => { },
            TimeProvider.System,
            Cancellation
        );
        await Eventually.Async(() => StateLock.IsAwaited(File, TimeProvider.System));
        // The next pass lets the apply go first, and knows that somebody wrote.
        var next = gate.EnterAsync([], 0, Cancellation);
        inside.Dispose();
        using (await apply)
            Assert.False(next.IsCompleted);
        using var place = await next;
        Assert.True(place!.HasWaited);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
