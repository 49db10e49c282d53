namespace Reconciler.Providers.Http;

/// <summary>
/// Limits the number of parallel requests, and of requests per second, to one provider. It is a token bucket that
/// stores the time at which the next request is free (GCRA). The framework's TokenBucketRateLimiter only uses the
/// system's clock and cannot wait until a given time, as X-RateLimit-Reset requires.
/// </summary>
internal sealed class RateLimiter(int maxConcurrency, int? requestsPerSecond, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _places = new(maxConcurrency);
    private readonly Quota _quota = new(clock);
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = requestsPerSecond is { } rate
        ? TimeSpan.FromSeconds(1.0 / rate)
        : TimeSpan.Zero;
    private readonly TimeSpan _burst = requestsPerSecond is { } rate
        ? TimeSpan.FromSeconds((rate - 1.0) / rate)
        : TimeSpan.Zero;
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.MinValue;

    /// <summary>
    /// Waits for a free place, then for the vendor's rate limit, then for the pace. In this order, a late place causes
    /// no burst of saved-up requests.
    /// </summary>
    public async ValueTask<Place> EnterAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            if (await _quota.EnterAsync(RetryRules.LongestWait, cancellation) is { } wait)
                return new(_places, null) { MustWait = wait };
        }
        catch
        {
            _places.Release();
            throw;
        }

        var place = new Place(_places, _quota);
        try
        {
            if (Turn() is var turn && turn > TimeSpan.Zero)
                await Task.Delay(turn, clock, cancellation);
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    private TimeSpan Turn()
    {
        if (_interval == TimeSpan.Zero)
            return TimeSpan.Zero;
        lock (_gate)
        {
            var now = clock.GetElapsedTime(_start);
            var turn = _next > now - _burst ? _next : now - _burst;
            _next = turn + _interval;
            return turn - now;
        }
    }

    /// <summary>A place among the requests in flight. Disposing it frees the place.</summary>
    internal sealed class Place(SemaphoreSlim places, Quota? quota) : IDisposable
    {
        private RateLimit? _seen;
        private bool _sent;

        /// <summary>
        /// How long the vendor would refuse the request, where that is longer than a run may wait; the request must not
        /// be sent then. Null otherwise.
        /// </summary>
        public TimeSpan? MustWait { get; init; }

        /// <summary>Records that the request was sent, and the rate limit in its answer.</summary>
        public void Answered(RateLimit? limit) => (_sent, _seen) = (true, limit);

        public void Dispose()
        {
            quota?.Leave(_seen, _sent);
            places.Release();
        }
    }
}
