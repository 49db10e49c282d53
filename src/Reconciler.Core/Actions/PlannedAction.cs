using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Actions;

/// <summary>
/// The order in which a project's actions are applied: nobody loses access before the others have theirs.
/// </summary>
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
/// <param name="Kind">What it does.</param>
/// <param name="Phase">When it is applied.</param>
/// <param name="Person">Who.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PlannedAction(ActionKind Kind, Phase Phase, PersonIdentity Person, string Reason)
{
    /// <summary>
    /// The address to write to the vendor, or the one that the vendor has; empty where the person has none.
    /// </summary>
    public required string Email { get; init; }

    /// <summary>The member it starts from; null where the person is none.</summary>
    public LiveMember? Member { get; init; }

    /// <summary>The invitation it starts from; null where none is pending.</summary>
    public LiveInvitation? Invitation { get; init; }

    /// <summary>The access afterwards; null where the person has none then.</summary>
    public DesiredAccess? Access { get; init; }

    /// <summary>What the person gains.</summary>
    public Access Added { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>What the person loses.</summary>
    public Access Removed { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>
    /// Whether the person is one more who loses access, or an invitation, or administration: what limits count.
    /// </summary>
    public bool CountsAsRemoval { get; init; }

    /// <summary>Whether the person was an accepted administrator and is none afterwards.</summary>
    public bool LosesAdmin { get; init; }

    /// <summary>
    /// Whether it gives an invitation up, so that the person is not invited again until the entry changes.
    /// </summary>
    public bool GivesUp { get; init; }

    /// <summary>What the person's entry asks for, where the action itself gives nothing; null elsewhere.</summary>
    public Access? Asked { get; init; }

    /// <summary>Whether the person may get a mail by it: an invitation, a new one, a reminder.</summary>
    public bool Mails => Kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend;

    /// <summary>Whether it only sends another mail and changes nobody's access.</summary>
    public bool IsReminder =>
        Kind == ActionKind.Resend || (Kind == ActionKind.Replace && Added.IsNone && Removed.IsNone);

    /// <summary>A text for the mail, where the vendor has one.</summary>
    public string? Message { get; init; }

    /// <summary>What people should know about it before it is applied.</summary>
    public string? Note { get; init; }

    /// <summary>Where the entries stand that ask for it.</summary>
    public ImmutableArray<Position> Declared { get; init; } = [];

    /// <summary>The access that it starts from; null where the person has none.</summary>
    public Access? From => Member?.Access ?? Invitation?.Access;
}
