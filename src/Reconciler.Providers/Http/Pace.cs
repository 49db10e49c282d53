namespace Reconciler.Providers.Http;

/// <summary>
/// How many requests go to one provider at a time and a second. A token bucket of our own, kept as the time at which
/// the next request is free (GCRA), since the framework's TokenBucketRateLimiter knows only the system's clock and
/// cannot be told to wait until a moment, as a vendor's X-RateLimit-Reset asks.
/// </summary>
internal sealed class Pace(int maxConcurrency, int? requestsPerSecond, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _places = new(maxConcurrency);
    private readonly Allowance _allowance = new(clock);
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
    /// Waits for a place, then for the vendor's allowance, then for its turn: a place that comes late sends no burst of
    /// turns that were saved up.
    /// </summary>
    public async ValueTask<Place> EnterAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            if (await _allowance.EnterAsync(RetryRules.LongestWait, cancellation) is { } wait)
                return new(_places, null) { MustWait = wait };
        }
        catch
        {
            _places.Release();
            throw;
        }

        var place = new Place(_places, _allowance);
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

    /// <summary>A place among the requests in flight, given back when disposed.</summary>
    internal sealed class Place(SemaphoreSlim places, Allowance? allowance) : IDisposable
    {
        private RateLimit? _seen;
        private bool _sent;

        /// <summary>
        /// How long the vendor would refuse the request, where that is longer than a pass waits; it must not be sent
        /// then.
        /// </summary>
        public TimeSpan? MustWait { get; init; }

        /// <summary>The request was sent, and its answer said this of further ones.</summary>
        public void Answered(RateLimit? limit) => (_sent, _seen) = (true, limit);

        public void Dispose()
        {
            allowance?.Leave(_seen, _sent);
            places.Release();
        }
    }
}
