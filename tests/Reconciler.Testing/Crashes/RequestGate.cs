using System.Collections.Immutable;
using Reconciler.Sandbox;

namespace Reconciler.Testing.Crashes;

/// <summary>
/// A moment at which the world stops: a connection's n-th request, counted from 1, before or after the vendor handled
/// it; where requests are under way side by side, after the first that is handled once so many have arrived.
/// </summary>
public sealed record StopPoint(string Connection, int Request, SandboxPhase Phase)
{
    /// <summary>Whether every vendor stands still then, or this connection alone.</summary>
    public bool StopsAll { get; init; } = true;

    public override string ToString() =>
        $"{Connection}, request {Request}, {(Phase == SandboxPhase.Arrived ? "before" : "after")} the vendor handled it";
}

/// <summary>
/// Stops the sandbox's world at one request: from then on no request is handled and none is answered, at any vendor.
/// Those that wait are never handled after; requests that come once the gate is open again are.
/// </summary>
public sealed class RequestGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _arrived = new(StringComparer.Ordinal);
    private StopPoint? _stop;
    private StopPoint? _closed;
    private TaskCompletionSource _reached = new();
    private TaskCompletionSource _answered = new();

    /// <summary>How many requests came in since the count began, by connection.</summary>
    public ImmutableSortedDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
                return _arrived.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>Begins the count anew, and stops at a point of it.</summary>
    /// <returns>Comes once the world stands still.</returns>
    public Task StopAt(StopPoint? point)
    {
        lock (_lock)
        {
            _arrived.Clear();
            (_stop, _closed) = (point, null);
            (_reached, _answered) = (Source(), Source());
            return _reached.Task;
        }
    }

    /// <summary>Lets requests through that come from now on; what waits is dropped.</summary>
    public void Open()
    {
        lock (_lock)
            (_stop, _closed) = (null, null);
    }

    /// <summary>Lets everything go on, also what waits.</summary>
    public void GoOn()
    {
        lock (_lock)
        {
            (_stop, _closed) = (null, null);
            _answered.TrySetResult();
        }
    }

    public async Task Pass(SandboxMoment moment, CancellationToken stopping)
    {
        Task? waiting = null;
        lock (_lock)
        {
            if (moment.Phase == SandboxPhase.Arrived)
                _arrived[moment.Connection] = _arrived.GetValueOrDefault(moment.Connection) + 1;
            if (
                _stop is { } stop
                && stop.Connection == moment.Connection
                && stop.Phase == moment.Phase
                && stop.Request <= _arrived[moment.Connection]
            )
                _closed = stop;
            if (_closed is not null)
                _reached.TrySetResult();
            if (_closed is { StopsAll: true } || _closed?.Connection == moment.Connection)
                waiting = _answered.Task;
        }

        if (waiting is not null)
            await waiting.WaitAsync(stopping);
    }

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
