namespace Reconciler.Tests;

/// <summary>A clock that stands still until it is told to go on, and tells when somebody waits on it.</summary>
internal sealed class FakeClock(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<(TimeSpan Wait, TaskCompletionSource Seen)> _watchers = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer falls due; null where nobody waits.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate) return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
        }
    }

    /// <summary>Lets time pass; everything that falls due is called, in its order.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            FakeTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                if (next is not null) _timers.Remove(next);
                _now = next?.Due > _now ? next.Due : next is null ? end : _now;
            }

            if (next is null) return;
            next.Callback();
        }
    }

    /// <summary>Comes back once somebody waits exactly this long.</summary>
    public Task SomebodyWaits(TimeSpan wait)
    {
        lock (_gate)
        {
            if (_timers.Any(timer => timer.Wait == wait)) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((wait, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>How many wait this long.</summary>
    public int Waiting(TimeSpan wait)
    {
        lock (_gate) return _timers.Count(timer => timer.Wait == wait);
    }

    private void Arm(FakeTimer timer, TimeSpan wait)
    {
        List<TaskCompletionSource> seen;
        lock (_gate)
        {
            _timers.Remove(timer);
            if (wait == Timeout.InfiniteTimeSpan) return;
            (timer.Due, timer.Wait) = (_now + wait, wait);
            _timers.Add(timer);
            seen = [.. _watchers.Where(watcher => watcher.Wait == wait).Select(watcher => watcher.Seen)];
            _watchers.RemoveAll(watcher => watcher.Wait == wait);
        }

        foreach (var watcher in seen) watcher.TrySetResult();
    }

    private void Disarm(FakeTimer timer)
    {
        lock (_gate) _timers.Remove(timer);
    }

    /// <summary>One that fires once; nothing here repeats.</summary>
    private sealed class FakeTimer(FakeClock clock, Action callback) : ITimer
    {
        public Action Callback => callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Wait { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero) throw new NotSupportedException("a timer that repeats");
            clock.Arm(this, dueTime);
            return true;
        }

        public void Dispose() => clock.Disarm(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
