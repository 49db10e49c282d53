namespace Reconciler.Kubernetes.Queue;

/// <summary>
/// Decides how long a failed key waits: 5 ms·2ⁿ up to 15 min for the key itself, or its turn in a bucket for all keys
/// (10 per second, 100 at once), whichever is longer. A single failed key comes back soon; ten thousand that fail
/// together do not come back together.
/// </summary>
/// <typeparam name="TKey">The type of a key.</typeparam>
internal sealed class RetryLimiter<TKey>(TimeProvider clock)
    where TKey : notnull
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Burst = 99 * Interval;
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.MinValue;

    public TimeSpan Next(TKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        var own = TimeSpan.FromSeconds(Math.Min(Most.TotalSeconds, First.TotalSeconds * Math.Pow(2, failures)));
        var common = Turn();
        return own > common ? own : common;
    }

    public int Failures(TKey key) => _failures.GetValueOrDefault(key);

    public void Forget(TKey key) => _failures.Remove(key);

    // The bucket is stored as the time at which its next turn is free.
    private TimeSpan Turn()
    {
        var now = clock.GetElapsedTime(_start);
        var turn = _next > now - Burst ? _next : now - Burst;
        _next = turn + Interval;
        return turn > now ? turn - now : TimeSpan.Zero;
    }
}
