using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>What an earlier pass saw of a person last.</summary>
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

/// <summary>How an invitation of ours is known to be out.</summary>
public enum Sighting
{
    /// <summary>A reading showed it, or there is none.</summary>
    Seen,

    /// <summary>The vendor's answer showed it, and no reading has since.</summary>
    Answered,

    /// <summary>It was sent, and neither the answer nor a reading shows that it arrived.</summary>
    Unknown,
}

/// <summary>What the vendor does not remember of a person in a project.</summary>
/// <param name="Email">The address, as last written.</param>
public sealed record PersonRecord(string Email)
{
    /// <summary>The vendor's id of the person, from first sight; it outlives a change of address.</summary>
    public string? PersonId { get; init; }

    /// <summary>Whether the person's access was granted by Reconciler, or was found as declared.</summary>
    public bool Owned { get; init; }

    /// <summary>What was seen last.</summary>
    public PersonState State { get; init; }

    /// <summary>
    /// When the present invitation was made, by Reconciler or by somebody else; null where none waits.
    /// </summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>When Reconciler sent the last mail of the present invitation; null where it sent none.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>
    /// From when reminders count where Reconciler sent no mail by then: the first sight of somebody else's invitation,
    /// or a replacement of which only the first step was done. Null where the last mail says it.
    /// </summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>From when the next reminder counts; null where no invitation waits.</summary>
    public DateTimeOffset? CountingFrom => SeenAt > SentAt || SentAt is null ? SeenAt : SentAt;

    /// <summary>How many mails were sent after the first.</summary>
    public int Resends { get; init; }

    /// <summary>How the present invitation is known to be out.</summary>
    public Sighting Sighting { get; init; }

    /// <summary>
    /// The access that was last asked for; a person who was given up is invited again once it changes.
    /// </summary>
    public Access? Asked { get; init; }

    /// <summary>
    /// The last change of a member's access, as <see cref="Reconciler.Core.Actions.ActionDigest.OfChange"/> names it;
    /// null where the last pass changed nothing.
    /// </summary>
    public string? Change { get; init; }

    /// <summary>
    /// In how many passes running that very change was made, because somebody changed it back in between.
    /// </summary>
    public int Repeats { get; init; }
}
