namespace Reconciler.Worker.Notifications;

/// <summary>
/// What one target was told, so that the same news is told once. It is told again only after it ended in between, or if
/// it still holds after a day. Not safe for several threads.
/// </summary>
public sealed class NewsMemory
{
    /// <summary>How much is remembered; what is older than a day goes first, then the oldest.</summary>
    internal const int MaxEntries = 2_000;

    /// <summary>After how long what is still so is told again.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

    /// <summary>Takes note of an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="isWanted">Whether the target wants events of its kind.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it is to be told.</returns>
    internal bool IsNews(WorkerEvent happened, bool isWanted, DateTimeOffset now)
    {
        // A recovery clears the old news even if the target does not want it, and is news only if the failure was told.
        if (Ends(happened.Kind) is { Length: > 0 } ended)
            return Forget(ended, happened.Subject) && isWanted;
        if (!isWanted)
            return false;
        if (_told.TryGetValue(happened.News, out var told) && now - told.At < RepeatAfter)
            return false;
        MakeRoom(now);
        _told[happened.News] = new(happened.Kind, happened.Subject, now);
        return true;
    }

    /// <summary>Forgets what could not be told after all, so that it is told when it happens again.</summary>
    internal void Forget(WorkerEvent untold) => _told.Remove(untold.News);

    private static WorkerEventKind[] Ends(WorkerEventKind kind) =>
        kind switch
        {
            WorkerEventKind.Recovered => [WorkerEventKind.Held, WorkerEventKind.Failing],
            WorkerEventKind.SourceRecovered => [WorkerEventKind.SourceFailing],
            WorkerEventKind.StateRecovered => [WorkerEventKind.StateLost],
            _ => [],
        };

    private bool Forget(WorkerEventKind[] kinds, string subject)
    {
        var ended = _told
            .Where(t => kinds.Contains(t.Value.Kind) && t.Value.Subject == subject)
            .Select(t => t.Key)
            .ToList();
        foreach (var news in ended)
            _told.Remove(news);
        return ended.Count > 0;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_told.Count < MaxEntries)
            return;
        foreach (var news in _told.Where(t => now - t.Value.At >= RepeatAfter).Select(t => t.Key).ToList())
            _told.Remove(news);
        if (_told.Count >= MaxEntries)
            _told.Remove(_told.MinBy(t => t.Value.At).Key);
    }

    private readonly record struct Told(WorkerEventKind Kind, string Subject, DateTimeOffset At);
}
