using Reconciler.Core.Ports;
using Reconciler.State;
using Reconciler.State.Postgres;

namespace Reconciler.Worker;

/// <summary>
/// The right of this worker to write to one account. Once it has it, it keeps it until the right is lost, somebody asks
/// for it, or it is disposed; then it waits for it again. No reconcile is interrupted by somebody who asks.
/// </summary>
/// <param name="state">The state.</param>
/// <param name="account">The account.</param>
/// <param name="clock">The time that processes share.</param>
/// <param name="onWaiting">Called with the holder where the right must be waited for; with null where it is not
/// known.</param>
/// <param name="onTurn">Called when the right was given to this worker, or cannot be had; returns the number of the
/// turn.</param>
internal sealed class KeptRight(
    WatchedState state,
    (string VendorType, string BaseUrl) account,
    TimeProvider clock,
    Action<Holder?> onWaiting,
    Func<long> onTurn
) : IDisposable
{
    // A server that refuses is not asked all the time.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _asking = Task.CompletedTask;
    private WriteRight? _right;
    private long _turn;
    private int _inside;
    private bool _isAwaited;
    private Exception? _failure;

    /// <summary>
    /// Whether a reconcile may begin: this worker has the right, or cannot ask for it, so that the reconcile finds out
    /// why. Otherwise it asks, and waits for nothing.
    /// </summary>
    public bool MayBegin()
    {
        lock (_lock)
        {
            if (HasRight() || _failure is not null)
                return true;
            Ask();
            return false;
        }
    }

    /// <summary>Uses the right until <see cref="Leave"/>.</summary>
    /// <returns>The number of the turn in which it was given; null where this worker has no right now.</returns>
    /// <exception cref="LedgerException">The server cannot be used.</exception>
    public long? TryEnter()
    {
        lock (_lock)
        {
            if (HasRight())
            {
                _inside++;
                return _turn;
            }

            if (_failure is { } failure)
                throw failure;
            Ask();
            return null;
        }
    }

    /// <summary>Ends a use of the right, and gives it back where somebody asked for it meanwhile.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
            if (HasRight())
                GiveWay();
        }
    }

    /// <summary>Gives the right back, or ends the wait for it.</summary>
    public void Dispose()
    {
        // What is acquired from now on is given back at once.
        _ended.Cancel();
        WriteRight? right;
        bool isUsed;
        lock (_lock)
            (right, _right, isUsed) = (_right, null, _inside > 0);
        if (isUsed)
            right?.Abandon();
        else
            right?.Dispose();
        _asking.Wait();
    }

    // What was lost is asked for again once no reconcile uses it: one that began under it must not go on under another.
    private bool HasRight()
    {
        if (_right is not { } right)
            return false;
        if (!right.IsLost && state.Gave(right))
            return true;
        if (_inside == 0)
            Renew();
        return false;
    }

    private void Ask()
    {
        if (_right is null && _asking.IsCompleted && !_ended.IsCancellationRequested)
            _asking = Task.Run(() => AcquireAsync(null), CancellationToken.None);
    }

    private async Task AcquireAsync(WriteRight? before)
    {
        while (true)
        {
            try
            {
                before?.Dispose();
                before = null;
                Take(await state.AcquireAsync(Request, clock, _ended.Token));
                return;
            }
            catch (Exception) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                lock (_lock)
                    _failure = failure;
                onTurn();
            }

            await Task.Delay(RetryAfter, clock, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private RightRequest Request =>
        new(Holder.Worker, [account])
        {
            Wait = TimeSpan.MaxValue,
            Yields = true,
            OnWaiting = onWaiting,
            OnAwaited = Awaited,
            OnLost = Lost,
        };

    private void Take(WriteRight right)
    {
        bool isWanted;
        lock (_lock)
        {
            isWanted = !_ended.IsCancellationRequested;
            if (isWanted)
                (_right, _turn, _failure) = (right, onTurn(), null);
        }

        if (!isWanted)
            right.Dispose();
    }

    private void Awaited()
    {
        lock (_lock)
        {
            _isAwaited = true;
            GiveWay();
        }
    }

    private void Lost()
    {
        lock (_lock)
            _ = HasRight();
    }

    private void GiveWay()
    {
        if (_isAwaited && _inside == 0 && _right is not null)
            Renew();
    }

    // Gives back what it has, and waits for its turn again. The right is disposed beside the caller, which may be the
    // right's own heartbeat.
    private void Renew()
    {
        var right = _right!;
        (_right, _isAwaited) = (null, false);
        _asking = Task.Run(() => AcquireAsync(right), CancellationToken.None);
    }
}
