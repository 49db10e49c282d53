namespace Reconciler.Worker.Notifications;

/// <summary>What came of one request to a target.</summary>
internal enum PostOutcome
{
    /// <summary>The target took the message.</summary>
    Taken,

    /// <summary>It did not, and may take it later.</summary>
    Later,

    /// <summary>It did not, and another attempt would meet the same.</summary>
    Refused,
}

/// <summary>What came of one request to a target.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Text">In words of our own: neither the URL nor anything that the target wrote.</param>
/// <param name="RetryAfter">How long it asked not to be called; null where it said nothing.</param>
internal sealed record PostAnswer(PostOutcome Outcome, string Text, TimeSpan? RetryAfter = null);
