using Microsoft.Extensions.Time.Testing;

namespace Reconciler.Testing;

/// <summary>
/// The testing clock of the base library, with what it lacks: it tells who waits, and it goes from one due time to the
/// next, so that whoever wakes and waits again does so from that moment, and not from where the test is going.
/// </summary>
public sealed class FakeClock(DateTimeOffset? start = null) : FakeTimeProvider(start ?? Morning)
{
    /// <summary>When a test begins that needs no other time.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly Dictionary<Wait, (DateTimeOffset Due, TimeSpan Length)> _waits = [];

    /// <summary>When the next timer falls due; null where nobody waits.</summary>
    public DateTimeOffset? NextDue => NextAfter(DateTimeOffset.MinValue);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var wait = new Wait(this);
        wait.Timer = base.CreateTimer(
            _ =>
            {
                End(wait);
                callback(state);
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        wait.Change(dueTime, period);
        return wait;
    }

    /// <summary>Lets time pass; everything that falls due is called, in its order and at its time.</summary>
    public new void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (NextAfter(GetUtcNow()) is { } due && due < end)
            base.Advance(due - GetUtcNow());
        base.Advance(end - GetUtcNow());
    }

    /// <summary>Comes back once somebody waits exactly this long.</summary>
    public Task SomebodyWaits(TimeSpan wait) => Eventually.Async(() => Waiting(wait) > 0);

    /// <summary>How many wait this long.</summary>
    public int Waiting(TimeSpan wait)
    {
        lock (_gate)
            return _waits.Values.Count(w => w.Length == wait);
    }

    private DateTimeOffset? NextAfter(DateTimeOffset moment)
    {
        lock (_gate)
            return _waits.Values.Select(w => (DateTimeOffset?)w.Due).Where(due => due > moment).Min();
    }

    private void End(Wait wait)
    {
        lock (_gate)
            _waits.Remove(wait);
    }

    private sealed class Wait(FakeClock clock) : ITimer
    {
        public ITimer Timer { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.End(this);
            if (dueTime <= TimeSpan.Zero)
                return Timer.Change(dueTime, period);
            // The wait and its timer are set under one lock, since a test that sees the wait may advance the clock at
            // once.
            lock (clock._gate)
            {
                clock._waits.Add(this, (clock.GetUtcNow() + dueTime, dueTime));
                return Timer.Change(dueTime, period);
            }
        }

        public void Dispose()
        {
            clock.End(this);
            Timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
