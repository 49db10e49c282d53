using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;

namespace Reconciler.Worker;

/// <summary>
/// Guards the state file against other processes: while a reconcile of this worker writes, no <c>apply</c> does, and
/// the reverse. Reconciles of this worker share one lock; while another process waits, no more of them enter, so that
/// it gets its turn.
/// </summary>
/// <param name="path">The state file.</param>
/// <param name="onWaiting">Called with the holder of the lock where a reconcile must wait; with null where it is not
/// known.</param>
internal sealed class WriteGate(string path, Action<Holder?> onWaiting) : IWriteGate, IDisposable
{
    // Must exceed the poll interval of StateLock, so that a waiting apply finds the lock free.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(500);

    // Other processes hold the lock in real time, whatever clock this one is given.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly SemaphoreSlim _entrance = new(1, 1);
    private readonly Lock _state = new();
    private TaskCompletionSource? _drained;
    private StateLock? _held;
    private int _inside;

    /// <summary>Enters; the returned place is left by disposing it.</summary>
    /// <param name="accounts">Not asked: the lock is that of the whole file.</param>
    /// <param name="turns">Not asked: the lock is not kept.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Reconciler.Core.Ports.LedgerException">The lock file cannot be used.</exception>
    public async Task<WritePlace?> EnterAsync(
        IReadOnlyCollection<Account> accounts,
        long turns,
        CancellationToken cancellation
    )
    {
        await _entrance.WaitAsync(cancellation);
        try
        {
            var waits = StateLock.IsAwaited(path, Clock);
            if (waits)
            {
                await Drained().WaitAsync(cancellation);
                await Task.Delay(Gap, Clock, cancellation);
            }

            if (TryJoin())
                return new(waits, Leave);
            var waited = waits;
            var held = await StateLock.AcquireAsync(
                path,
                Holder.Worker,
                TimeSpan.MaxValue,
                Waiting,
                Clock,
                cancellation
            );
            lock (_state)
                (_held, _inside) = (held, 1);
            return new(waited, Leave);

            void Waiting(Holder? holder)
            {
                waited = true;
                onWaiting(holder);
            }
        }
        finally
        {
            _entrance.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _entrance.Dispose();
        lock (_state)
            _held?.Dispose();
    }

    // Called with the entrance closed: nobody enters until everybody has left.
    private Task Drained()
    {
        lock (_state)
        {
            if (_inside == 0)
                return Task.CompletedTask;
            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private bool TryJoin()
    {
        lock (_state)
        {
            if (_inside == 0)
                return false;
            _inside++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_state)
        {
            if (--_inside > 0)
                return;
            _held?.Dispose();
            _held = null;
            _drained?.TrySetResult();
            _drained = null;
        }
    }
}
