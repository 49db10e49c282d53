namespace Reconciler.Worker.Web;

/// <summary>
/// Lets a call through at most once in a period. The first goes through at once; those that follow too soon become one
/// call at the end of the period, so none is lost, and none is late by more than the period.
/// </summary>
internal sealed class WakeLimiter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Action _wake;
    private readonly TimeSpan _apart;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private long? _last;
    private bool _isPending;
    private bool _isDisposed;

    /// <summary>Makes one that has let nothing through yet.</summary>
    /// <param name="wake">What is called; it neither waits nor throws.</param>
    /// <param name="apart">The least time between two calls.</param>
    /// <param name="clock">Measures and waits.</param>
    public WakeLimiter(Action wake, TimeSpan apart, TimeProvider clock)
    {
        (_wake, _apart, _clock) = (wake, apart, clock);
        _timer = clock.CreateTimer(_ => EndOfTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a call.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            if (_isDisposed || _isPending)
                return;
            var since = _last is { } last ? _clock.GetElapsedTime(last) : _apart;
            if (since < _apart)
            {
                _isPending = true;
                _timer.Change(_apart - since, Timeout.InfiniteTimeSpan);
                return;
            }

            _last = _clock.GetTimestamp();
        }

        _wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _isDisposed = true;
        _timer.Dispose();
    }

    private void EndOfTime()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            (_isPending, _last) = (false, _clock.GetTimestamp());
        }

        _wake();
    }
}
