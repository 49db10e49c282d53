namespace Reconciler.Providers.Http;

/// <summary>
/// Keeps within the number of requests that a vendor says it will still answer, so that it never has to refuse one
/// (429). Requests in flight count as spent: whether the last answer has counted them already is not known, and is
/// known once they are back.
/// </summary>
internal sealed class Allowance(TimeProvider clock)
{
    // Seconds left are rounded: two answers that speak of one reset may name moments that differ by as much.
    private static readonly TimeSpan SameReset = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _returned = New();

    // How many more requests are answered until the reset; null where nothing is known.
    private int? _remaining;
    private int? _limit;
    private DateTimeOffset? _reset;
    private int _inFlight;

    /// <summary>Waits until one more request will be answered.</summary>
    /// <returns>
    /// How long that would take where it is longer than a pass waits, and nothing may be sent; else null.
    /// </returns>
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

    /// <summary>A request is back, or was not sent after all.</summary>
    /// <param name="seen">What its answer says; null where none came, or one that says nothing.</param>
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

    // Answers may come in another order than they were made: until one reset, the least that was said counts.
    private void Learn(RateLimit seen)
    {
        if (_reset is null || seen.Reset > _reset + SameReset)
            (_remaining, _reset) = (seen.Remaining, seen.Reset);
        else if (seen.Reset >= _reset - SameReset && seen.Remaining < _remaining)
            _remaining = seen.Remaining;
        _limit = seen.Limit;
    }

    // A delay counts whole milliseconds and cuts the rest off: rounded up, it never ends before the reset.
    private static TimeSpan Rounded(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
