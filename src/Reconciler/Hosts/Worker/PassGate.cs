using Reconciler.State;

namespace Reconciler.Hosts.Worker;

/// <summary>
/// The right to write to the state file, shared by the passes of this worker: while one of them runs, no apply of another process does, and
/// the other way round. Passes that overlap for long let go now and then, so that an apply which waits gets its turn.
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
    private long _since;
    private int _inside;

    /// <summary>How long passes may hold the right without a gap.</summary>
    public static TimeSpan LongestHold { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Enters; dispose what is returned to leave.</summary>
    /// <exception cref="Core.Ports.LedgerException">The lock cannot be asked for.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _entrance.WaitAsync(cancellation);
        try
        {
            if (Draining() is { } drained)
            {
                await drained.WaitAsync(cancellation);
                await Task.Delay(Gap, Clock, cancellation);
            }

            if (TryJoin()) return new Place(this);
            var held = await StateLock.AcquireAsync(path, "worker", TimeSpan.MaxValue, onWaiting, Clock, cancellation);
            lock (_state) (_held, _since, _inside) = (held, Clock.GetTimestamp(), 1);
            return new Place(this);
        }
        finally
        {
            _entrance.Release();
        }
    }

    public void Dispose()
    {
        _entrance.Dispose();
        lock (_state) _held?.Dispose();
    }

    // Held for too long: nobody more comes in until all are out.
    private Task? Draining()
    {
        lock (_state)
        {
            if (_inside == 0 || Clock.GetElapsedTime(_since) < LongestHold) return null;
            _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private bool TryJoin()
    {
        lock (_state)
        {
            if (_inside == 0) return false;
            _inside++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_state)
        {
            if (--_inside > 0) return;
            _held?.Dispose();
            _held = null;
            _drained?.TrySetResult();
            _drained = null;
        }
    }

    private sealed class Place(PassGate gate) : IDisposable
    {
        private PassGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
