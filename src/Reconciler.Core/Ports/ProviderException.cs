using System.Collections.Immutable;

namespace Reconciler.Core.Ports;

/// <summary>Reasons why a request to a provider failed.</summary>
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

    /// <summary>The vendor asked to wait longer than a reconcile can (429, or a long Retry-After).</summary>
    RateLimited,

    /// <summary>
    /// The account accepts no more invitations for a time (<see cref="ProviderException.RetryAfter"/>); other requests
    /// may succeed.
    /// </summary>
    InvitationsSpent,

    /// <summary>The account has no seat left for one more person; a removal may free one.</summary>
    NoSeat,

    /// <summary>The vendor has no such call (405, 501).</summary>
    NoSuchCall,

    /// <summary>
    /// The vendor could not be reached or failed (5xx, no connection, no answer in time), even after retries; nothing
    /// was written.
    /// </summary>
    Unavailable,

    /// <summary>A write was sent and its answer was lost, so it may have been done.</summary>
    Ambiguous,

    /// <summary>
    /// The answer is not as documented: no JSON, cut short, a page missing, a link or redirect to another host.
    /// </summary>
    BadAnswer,

    /// <summary>
    /// The vendor's API cannot do this with any token: it is left to a human, and the message names the step.
    /// </summary>
    Manual,

    /// <summary>The connection cannot be used as it is configured: no token, a host that is not allowed.</summary>
    Configuration,

    /// <summary>
    /// What the manifest declares, or what is remembered of it, cannot be used: the vendor has no role or group of that
    /// name. Nothing changes until somebody corrects it.
    /// </summary>
    Invalid,
}

/// <summary>
/// Thrown if a request to a provider failed. The message is for people: it names the request without its secrets, and
/// what to do.
/// </summary>
/// <param name="fault">The reason.</param>
/// <param name="message">The text for people.</param>
/// <param name="inner">The cause; null if there is none.</param>
public sealed class ProviderException(ProviderFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Refuses what a manifest declares, with every problem at once.</summary>
    /// <param name="problems">The problems.</param>
    public static ProviderException Refusing(IEnumerable<AccessProblem> problems)
    {
        ImmutableArray<AccessProblem> all = [.. problems];
        return new(ProviderFault.Invalid, string.Join(" · ", all)) { Access = all };
    }

    /// <summary>The reason.</summary>
    public ProviderFault Fault { get; } = fault;

    /// <summary>The declared access that the vendor does not know or allow; empty for other reasons.</summary>
    public ImmutableArray<AccessProblem> Access { get; init; } = [];

    /// <summary>How long the vendor asked to wait; null if it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether the project must be read to interpret the refusal: if the invitation or membership is gone, the action
    /// is done. Otherwise the message is the vendor's reason.
    /// </summary>
    public bool IsSettledByReading { get; init; }

    /// <summary>
    /// Whether only the action's first step is done: an invitation was revoked and its replacement was not sent.
    /// </summary>
    public bool IsPartlyDone { get; init; }

    /// <summary>
    /// The step that is left to a human, in words that name no person, if the token may not do this for anyone. Null if
    /// the refusal is about one person, or no step is left to a human.
    /// </summary>
    public string? ForAnybody { get; init; }
}
