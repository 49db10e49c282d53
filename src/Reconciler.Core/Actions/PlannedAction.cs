using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Actions;

/// <summary>The phases in which a project's actions are applied: all grants before anybody loses access.</summary>
public enum Phase
{
    /// <summary>Invitations, additions and updates that give something.</summary>
    Grant,

    /// <summary>Updates that only take.</summary>
    Demotion,

    /// <summary>Revoked invitations.</summary>
    Revocation,

    /// <summary>Removed members.</summary>
    Removal,
}

/// <summary>One change of one person in one project, with the live state that it starts from.</summary>
/// <param name="Kind">The kind of action.</param>
/// <param name="Phase">The phase in which it is applied.</param>
/// <param name="Person">The person.</param>
/// <param name="Reason">The reason, in words.</param>
public sealed record PlannedAction(ActionKind Kind, Phase Phase, PersonIdentity Person, string Reason)
{
    /// <summary>
    /// The address or login to send to the vendor, or the one that the vendor has; empty if the person has none.
    /// </summary>
    public required string Email { get; init; }

    /// <summary>
    /// The vendor's id of the account that has the login of a person who is not in the project; null if it is unknown.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>The membership that it starts from; null if the person is no member.</summary>
    public LiveMember? Member { get; init; }

    /// <summary>The invitation that it starts from; null if none is pending.</summary>
    public LiveInvitation? Invitation { get; init; }

    /// <summary>The access afterwards; null if the person has none then.</summary>
    public DesiredAccess? Access { get; init; }

    /// <summary>What the person gains.</summary>
    public Access Added { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>What the person loses.</summary>
    public Access Removed { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>Whether limits count the action: the person loses access, an invitation, or administration.</summary>
    public bool CountsAsRemoval { get; init; }

    /// <summary>Whether the person was an accepted administrator and is none afterwards.</summary>
    public bool LosesAdmin { get; init; }

    /// <summary>
    /// Whether it gives an invitation up, so that the person is not invited again until the entry changes.
    /// </summary>
    public bool GivesUp { get; init; }

    /// <summary>The access that the person's entry asks for, if the action itself gives nothing; else null.</summary>
    public Access? Asked { get; init; }

    /// <summary>Whether the person may get a mail by it: an invitation, a new one, a reminder.</summary>
    public bool Mails => Kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend;

    /// <summary>
    /// Whether limits on invitations count the action: it invites or adds somebody who has neither access nor an
    /// invitation. A replaced invitation and a reminder cost no further seat.
    /// </summary>
    public bool IsNewcomer => Kind == ActionKind.Invite;

    /// <summary>Whether it only sends another mail and changes nobody's access.</summary>
    public bool IsReminder =>
        Kind == ActionKind.Resend || (Kind == ActionKind.Replace && Added.IsNone && Removed.IsNone);

    /// <summary>A text for the mail, if the vendor's mails can hold one; else null.</summary>
    public string? Message { get; init; }

    /// <summary>A note for people to read before it is applied; null if there is none.</summary>
    public string? Note { get; init; }

    /// <summary>The places of the manifest entries that ask for it.</summary>
    public ImmutableArray<Position> Declared { get; init; } = [];

    /// <summary>Whether it takes somebody away because no entry of the manifests declares them any more.</summary>
    public bool IsPruned { get; init; }

    /// <summary>The commit that took the person's entry out; null if no history tells. No digest covers it.</summary>
    public RemovedBy? RemovedBy { get; init; }

    /// <summary>The access that it starts from; null if the person has none.</summary>
    public Access? From => Member?.Access ?? Invitation?.Access;
}
