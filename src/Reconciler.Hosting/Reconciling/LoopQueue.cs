using System.Threading.Channels;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// Queues continuations for a loop's own thread. Everything that runs beside the loop hands its results over here, so
/// that the loop's state needs no lock.
/// </summary>
/// <param name="clock">The time.</param>
public sealed class LoopQueue(TimeProvider clock)
{
    private readonly Channel<Action> _continuations = Channel.CreateUnbounded<Action>(new() { SingleReader = true });

    /// <summary>Whether nothing waits to be run.</summary>
    internal bool IsEmpty => !_continuations.Reader.TryPeek(out _);

    /// <summary>Adds a continuation, from any thread.</summary>
    public void Enqueue(Action continuation) => _continuations.Writer.TryWrite(continuation);

    /// <summary>Takes the next continuation; null where there is none. Called by the loop.</summary>
    internal Action? TryDequeue() => _continuations.Reader.TryRead(out var continuation) ? continuation : null;

    /// <summary>Waits for a continuation, but no longer than until a time.</summary>
    /// <param name="until">The time.</param>
    /// <param name="stopping">Ends the wait without an exception.</param>
    internal async Task WaitAsync(DateTimeOffset until, CancellationToken stopping)
    {
        var wait = until - clock.GetUtcNow();
        if (wait <= TimeSpan.Zero || !IsEmpty)
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var arrival = _continuations.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(arrival, Task.Delay(wait, clock, over.Token));
        await over.CancelAsync();
    }
}
