namespace Reconciler.Core.Ports;

/// <summary>Why a provider could not do what it was asked.</summary>
public enum ProviderFault
{
    /// <summary>The vendor knows no such token (401).</summary>
    Unauthorized,

    /// <summary>The token may not do this (403).</summary>
    Forbidden,

    /// <summary>There is no such project, member or invitation (404).</summary>
    NotFound,

    /// <summary>The vendor refused the request (another 4xx); it says why.</summary>
    Refused,

    /// <summary>The vendor asked for more patience than a pass has (429, or a long Retry-After).</summary>
    RateLimited,

    /// <summary>
    /// The account takes no more invitations for a time (<see cref="ProviderException.RetryAfter"/>); other requests
    /// may be answered.
    /// </summary>
    InvitationsSpent,

    /// <summary>The account has no seat left for one more person; a removal may free one.</summary>
    NoSeat,

    /// <summary>The vendor has no such call (405, 501).</summary>
    NoSuchCall,

    /// <summary>
    /// The vendor could not be reached or failed (5xx, no connection, no answer in time), also after the retries;
    /// nothing was written.
    /// </summary>
    Unavailable,

    /// <summary>A write was sent and its answer lost: it may have been done.</summary>
    Ambiguous,

    /// <summary>
    /// The answer is not what the vendor documents: no JSON, cut short, a page missing, a link or redirect to
    /// elsewhere.
    /// </summary>
    BadAnswer,

    /// <summary>No token may do this at the vendor: it is left to a human, and the message names the step.</summary>
    Manual,

    /// <summary>The connection cannot be used as it is configured: no token, a host that is not allowed.</summary>
    Configuration,
}

/// <summary>
/// A provider could not do what it was asked. The message is for people: it names the request without its secrets, and
/// what to do.
/// </summary>
/// <param name="fault">Why.</param>
/// <param name="message">For people.</param>
/// <param name="inner">What was caught.</param>
public sealed class ProviderException(ProviderFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public ProviderFault Fault { get; } = fault;

    /// <summary>How long the vendor asked to wait; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether reading the project tells if the refusal means that nothing is left to do: the invitation or the
    /// membership that the action was to take away is not there. The message is the vendor's reason, for the case that
    /// it still is.
    /// </summary>
    public bool IsSettledByReading { get; init; }

    /// <summary>
    /// Whether the action's first step is done and the rest is not: an invitation is revoked and its replacement was
    /// not sent.
    /// </summary>
    public bool IsPartlyDone { get; init; }

    /// <summary>
    /// The step that is left to a human, without the name of anybody: where the token may not do this for anyone.
    /// Null where the refusal is
    /// about one person, or no step is left to a human.
    /// </summary>
    public string? ForAnybody { get; init; }
}
