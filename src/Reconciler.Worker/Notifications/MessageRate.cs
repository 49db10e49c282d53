namespace Reconciler.Worker.Notifications;

/// <summary>
/// Limits how often one target gets a message, since nobody reads a channel that never rests. Not safe for several
/// threads.
/// </summary>
public sealed class MessageRate
{
    /// <summary>The most messages within an hour.</summary>
    public const int MostAnHour = 30;

    /// <summary>The least time between two messages.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Queue<DateTimeOffset> _sent = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>How long the next message has to wait; zero where it need not.</summary>
    internal TimeSpan Wait(DateTimeOffset now)
    {
        while (_sent.TryPeek(out var first) && now - first >= Window)
            _sent.Dequeue();
        var gap = _last == DateTimeOffset.MinValue ? TimeSpan.Zero : _last + Gap - now;
        var room = _sent.Count < MostAnHour ? TimeSpan.Zero : _sent.Peek() + Window - now;
        var wait = gap > room ? gap : room;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>A message was sent, or given up.</summary>
    internal void Sent(DateTimeOffset now)
    {
        _last = now;
        _sent.Enqueue(now);
    }
}
