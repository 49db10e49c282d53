namespace Reconciler.Providers.Http;

/// <summary>
/// How many requests go to one provider at a time and a second. A token bucket of our own, kept as the time at which the next request
/// is free (GCRA), since the framework's TokenBucketRateLimiter knows only the system's clock and cannot be told to wait until a moment,
/// as a vendor's X-RateLimit-Reset asks.
/// </summary>
internal sealed class Pace(int maxConcurrency, int? requestsPerSecond, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _places = new(maxConcurrency);
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = requestsPerSecond is { } rate ? TimeSpan.FromSeconds(1.0 / rate) : TimeSpan.Zero;
    private readonly TimeSpan _burst = requestsPerSecond is { } rate ? TimeSpan.FromSeconds((rate - 1.0) / rate) : TimeSpan.Zero;
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.MinValue;

    /// <summary>Waits for a place, then for its turn: a place that comes late sends no burst of turns that were saved up.</summary>
    public async ValueTask<Place> EnterAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            if (Turn() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
            return new(_places);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    private TimeSpan Turn()
    {
        if (_interval == TimeSpan.Zero) return TimeSpan.Zero;
        lock (_gate)
        {
            var now = clock.GetElapsedTime(_start);
            var turn = _next > now - _burst ? _next : now - _burst;
            _next = turn + _interval;
            return turn - now;
        }
    }

    /// <summary>A place among the requests in flight, given back when disposed.</summary>
    internal readonly struct Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
