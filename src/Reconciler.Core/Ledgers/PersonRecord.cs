using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>The state of a person when last seen.</summary>
public enum PersonState
{
    /// <summary>Owned, and nothing more is known.</summary>
    Known,

    /// <summary>Invited by us.</summary>
    Invited,

    /// <summary>A member.</summary>
    Member,

    /// <summary>Invited by us, never accepted, and given up.</summary>
    GaveUp,
}

/// <summary>How it is known that an invitation of ours was sent.</summary>
public enum Sighting
{
    /// <summary>A reading showed it, or there is none.</summary>
    Seen,

    /// <summary>The vendor's answer confirmed it, and no reading has shown it since.</summary>
    Answered,

    /// <summary>It was sent, and neither the answer nor a reading shows that it arrived.</summary>
    Unknown,
}

/// <summary>The record of a person in a project: everything that cannot be read from the vendor.</summary>
/// <param name="Email">The address, as last written.</param>
public sealed record PersonRecord(string Email)
{
    /// <summary>
    /// The vendor's id of the person, stored when first seen; it stays the same when the address changes.
    /// </summary>
    public string? PersonId { get; init; }

    /// <summary>
    /// Whether Reconciler granted the person's access, or found it as declared. Only owned access is pruned.
    /// </summary>
    public bool Owned { get; init; }

    /// <summary>The state when last seen.</summary>
    public PersonState State { get; init; }

    /// <summary>
    /// When the current invitation was made, by Reconciler or by somebody else; null if none is pending.
    /// </summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>When Reconciler sent the last mail of the current invitation; null if it sent none.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>
    /// The time from which reminders count if Reconciler had sent no mail by then: the first sight of somebody else's
    /// invitation, or a replacement of which only the first step was done. Null if <see cref="SentAt"/> counts.
    /// </summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The time from which the next reminder counts; null if no invitation is pending.</summary>
    public DateTimeOffset? CountingFrom => SeenAt > SentAt || SentAt is null ? SeenAt : SentAt;

    /// <summary>How many mails were sent after the first.</summary>
    public int Resends { get; init; }

    /// <summary>How it is known that the current invitation was sent.</summary>
    public Sighting Sighting { get; init; }

    /// <summary>
    /// The access that was last asked for. A person whose invitation was given up is invited again once it changes.
    /// </summary>
    public Access? Asked { get; init; }

    /// <summary>
    /// The last change of a member's or an invitation's access, as <see cref="Reconciler.Core.Actions.ActionDigest.OfChange"/> names it;
    /// null if the last reconcile changed nothing.
    /// </summary>
    public string? Change { get; init; }

    /// <summary>
    /// In how many reconciles in a row this same change was made, because somebody changed it back in between, or the
    /// vendor lists other access than was asked for.
    /// </summary>
    public int Repeats { get; init; }
}
