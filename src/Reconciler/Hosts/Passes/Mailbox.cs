using System.Threading.Channels;

namespace Reconciler.Hosts.Passes;

/// <summary>What a loop is told by everything that runs beside it, so that nothing of the loop's own needs a lock.</summary>
/// <param name="clock">The time.</param>
internal sealed class Mailbox(TimeProvider clock)
{
    private readonly Channel<Action> _messages = Channel.CreateUnbounded<Action>(new() { SingleReader = true });

    public bool IsEmpty => !_messages.Reader.TryPeek(out _);

    /// <summary>Leaves a message, from any thread. The loop runs it.</summary>
    public void Post(Action message) => _messages.Writer.TryWrite(message);

    /// <summary>The next message; null where there is none.</summary>
    public Action? Take() => _messages.Reader.TryRead(out var message) ? message : null;

    /// <summary>Waits for a message, but no longer than to a time.</summary>
    /// <param name="until">The time.</param>
    /// <param name="stopping">Ends the wait without an exception.</param>
    public async Task WaitAsync(DateTimeOffset until, CancellationToken stopping)
    {
        var wait = until - clock.GetUtcNow();
        if (wait <= TimeSpan.Zero || !IsEmpty)
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var mail = _messages.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(mail, Task.Delay(wait, clock, over.Token));
        await over.CancelAsync();
    }
}
