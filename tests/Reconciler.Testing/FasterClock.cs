namespace Reconciler.Testing;

/// <summary>A clock that goes faster than the machine's, so that waits between processes end sooner in a test.</summary>
/// <param name="times">How many times as fast.</param>
public sealed class FasterClock(int times) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _from = System.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_from) * times);

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() * times;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FasterTimer(System.CreateTimer(callback, state, Faster(dueTime), Faster(period)), this);

    private TimeSpan Faster(TimeSpan wait) => wait > TimeSpan.Zero ? wait / times : wait;

    private sealed class FasterTimer(ITimer timer, FasterClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            timer.Change(clock.Faster(dueTime), clock.Faster(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
