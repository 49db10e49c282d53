namespace Reconciler.Testing.Fuzzing;

/// <summary>A clock on which every wait is over at once, and has taken its time.</summary>
public sealed class InstantClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Instant(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Instant(InstantClock clock, TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _over;

        // A deadline of a request is no wait: it would be over before the request.
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_over || dueTime == Timeout.InfiniteTimeSpan || dueTime == TimeSpan.FromSeconds(15))
                return true;
            Interlocked.Add(ref clock._ticks, Math.Max(0, dueTime.Ticks));
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
            return true;
        }

        public void Dispose() => _over = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
