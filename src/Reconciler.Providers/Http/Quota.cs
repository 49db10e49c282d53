namespace Reconciler.Providers.Http;

/// <summary>
/// Keeps within the number of requests that a vendor says it will still answer, so that it need not refuse any (429). A
/// request in flight counts as used, since the last answer may or may not include it.
/// </summary>
internal sealed class Quota(TimeProvider clock)
{
    // Seconds are rounded, so two answers about the same reset may differ by this much.
    private static readonly TimeSpan SameReset = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _returned = New();

    // The number of further requests until the reset; null where unknown.
    private int? _remaining;
    private int? _limit;
    private DateTimeOffset? _reset;
    private int _inFlight;

    /// <summary>Waits until the vendor will answer one more request.</summary>
    /// <returns>The wait, where it is longer than a run may wait and nothing may be sent; null otherwise.</returns>
    public async ValueTask<TimeSpan?> EnterAsync(TimeSpan longest, CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                var left = _reset - clock.GetUtcNow();
                if (left <= TimeSpan.Zero)
                    (_remaining, _reset, left) = (_limit, null, null);
                if (_remaining is null || _remaining > _inFlight || (_inFlight == 0 && left is null))
                {
                    _inFlight++;
                    return null;
                }

                if (_inFlight == 0 && left > longest)
                    return left;
                wait =
                    _inFlight > 0
                        ? _returned.Task.WaitAsync(cancellation)
                        : Task.Delay(Rounded(left!.Value), clock, cancellation);
            }

            await wait;
        }
    }

    /// <summary>Ends a request, whether it was sent or not.</summary>
    /// <param name="seen">The limit in its answer; null where there was no answer, or none with a limit.</param>
    /// <param name="sent">Whether it was sent.</param>
    public void Leave(RateLimit? seen, bool sent)
    {
        TaskCompletionSource returned;
        lock (_gate)
        {
            _inFlight--;
            if (seen is not null)
                Learn(seen);
            else if (sent && _remaining > 0)
                _remaining--;
            (returned, _returned) = (_returned, New());
        }

        returned.TrySetResult();
    }

    // Answers may arrive in another order than they were made, so the lowest number counts until the reset.
    private void Learn(RateLimit seen)
    {
        if (_reset is null || seen.Reset > _reset + SameReset)
            (_remaining, _reset) = (seen.Remaining, seen.Reset);
        else if (seen.Reset >= _reset - SameReset && seen.Remaining < _remaining)
            _remaining = seen.Remaining;
        _limit = seen.Limit;
    }

    // Task.Delay cuts off fractions of a millisecond, so the wait is rounded up and never ends before the reset.
    private static TimeSpan Rounded(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
