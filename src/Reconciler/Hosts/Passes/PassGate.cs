using Reconciler.State;

namespace Reconciler.Hosts.Passes;

/// <summary>
/// The right to write to the state file, shared by the passes of this worker: while one of them writes, no apply of another process does, and
/// the other way round. Passes that overlap let go where somebody else waits, so that an apply gets its turn.
/// </summary>
/// <param name="path">The state file.</param>
/// <param name="onWaiting">Told who has it, where a pass must wait; null where that cannot be told.</param>
internal sealed class PassGate(string path, Action<Holder?> onWaiting) : IDisposable
{
    // Longer than an apply that waits takes to look again.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(500);

    // Locks are between processes, so that time is the machine's, whatever clock the passes go by.
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly SemaphoreSlim _entrance = new(1, 1);
    private readonly Lock _state = new();
    private TaskCompletionSource? _drained;
    private StateLock? _held;
    private int _inside;

    /// <summary>Enters; dispose what is returned to leave.</summary>
    /// <exception cref="Reconciler.Core.Ports.LedgerException">The lock cannot be asked for.</exception>
    public async Task<Place> EnterAsync(CancellationToken cancellation)
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
                return new(this, waits);
            var waited = waits;
            var held = await StateLock.AcquireAsync(path, "worker", TimeSpan.MaxValue, Waiting, Clock, cancellation);
            lock (_state)
                (_held, _inside) = (held, 1);
            return new(this, waited);

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

    public void Dispose()
    {
        _entrance.Dispose();
        lock (_state)
            _held?.Dispose();
    }

    // Nobody more comes in until all are out.
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

    /// <summary>A place inside, left when it is disposed.</summary>
    internal sealed class Place(PassGate gate, bool hasWaited) : IDisposable
    {
        private PassGate? _gate = gate;

        /// <summary>Whether somebody else may have written while it was waited for.</summary>
        public bool HasWaited => hasWaited;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
