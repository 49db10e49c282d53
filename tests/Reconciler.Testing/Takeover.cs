namespace Reconciler.Testing;

/// <summary>
/// Times how long another process takes to take over. By how much the machine delays timers meanwhile is measured too,
/// and allowed on top: without load that is next to nothing.
/// </summary>
public static class Takeover
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    // A timer that fires later than this was held up by the machine.
    private static readonly TimeSpan Ordinary = TimeSpan.FromMilliseconds(20);

    /// <summary>Sends a signal, and fails where the takeover comes too late.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="takeover">Ends once another one works.</param>
    /// <param name="signal">Ends the one that works.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> IsWithinAsync(TimeSpan limit, Func<Task> takeover, Func<Task> signal)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var late = LateAsync(stop.Token);
        var start = TimeProvider.System.GetTimestamp();
        await signal();
        await takeover();
        var took = TimeProvider.System.GetElapsedTime(start);
        await stop.CancelAsync();
        var allowed = await late;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{took.TotalSeconds:0.00} s, of which the machine may have taken {allowed.TotalSeconds:0.00} s"
        );
        Assert.InRange(took, TimeSpan.Zero, limit + allowed);
        return took;
    }

    /// <summary>By how much waits were longer than they should have been, taken together.</summary>
    private static async Task<TimeSpan> LateAsync(CancellationToken cancellation)
    {
        var late = TimeSpan.Zero;
        while (true)
        {
            var start = TimeProvider.System.GetTimestamp();
            await Task.Delay(Beat, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
                return late;
            if (TimeProvider.System.GetElapsedTime(start) - Beat is var more && more > Ordinary)
                late += more;
        }
    }
}
