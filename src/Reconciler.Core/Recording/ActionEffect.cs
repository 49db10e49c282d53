using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Recording;

/// <summary>How far an action is done, as a reading of the project shows.</summary>
public enum EffectKind
{
    /// <summary>Nothing is done; the project is as it was.</summary>
    None,

    /// <summary>The action is done.</summary>
    Done,

    /// <summary>Only a part of the requested access was given.</summary>
    Partly,

    /// <summary>The person became a member before the action arrived.</summary>
    Accepted,
}

/// <summary>The outcome of an action, as a reading of the project shows it.</summary>
/// <param name="Kind">How far it is done.</param>
public readonly record struct Effect(EffectKind Kind)
{
    /// <summary>
    /// The person's membership as it is now, if <see cref="Kind"/> is partly or accepted; null if there is none.
    /// </summary>
    public LiveMember? Member { get; init; }

    /// <summary>
    /// The access that the person has, if <see cref="Kind"/> is <see cref="EffectKind.Partly"/>; else null.
    /// </summary>
    public Access? Has { get; init; }
}

/// <summary>
/// Finds out by reading whether an action is done: after a lost answer, after an answer that does not say, and after a
/// batch, where each person is judged separately. Access counts as taken away once neither an invitation nor a
/// membership of the person is listed.
/// </summary>
public static class ActionEffect
{
    /// <summary>Returns the outcome of an action, from the project as read after the action was sent.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    /// <param name="before">The project that the action was planned with; it shows who became a member since.</param>
    public static Effect Of(PlannedAction action, LiveProject live, LiveProject before)
    {
        var known = before.Members.Select(m => m.MembershipId).ToHashSet(StringComparer.Ordinal);
        return Of(WriteIntent.Of(action, default), live, m => !known.Contains(m.MembershipId));
    }

    /// <summary>Returns the outcome of a write whose outcome was not recorded.</summary>
    /// <param name="intent">The write.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    /// <remarks>
    /// The state before the write is not known, so a member who should have lost everything counts as having accepted.
    /// </remarks>
    public static Effect Of(WriteIntent intent, LiveProject live) =>
        Of(intent, live, _ => intent.Kind != ActionKind.Revoke || intent.CountsAsRemoval || intent.GivesUp);

    /// <summary>Whether a project, read after an action was sent, shows it done.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool IsVisible(PlannedAction action, LiveProject live) =>
        Of(WriteIntent.Of(action, default), live).Kind == EffectKind.Done;

    /// <summary>
    /// Whether a project shows any trace of an invitation that was sent, with whatever access. If so, another mail
    /// would be a second one.
    /// </summary>
    /// <param name="action">The action, as it was intended.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool HasTrace(WriteIntent action, LiveProject live) =>
        live.Members.Any(m => Is(action, m)) || Waiting(action, live) is not null;

    private static Effect Of(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew) =>
        intent.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace => OfInvitation(intent, live, isNew),
            ActionKind.Update => OfUpdate(intent, live),
            ActionKind.Revoke => OfRevocation(intent, live, isNew),
            ActionKind.Remove => OfRemoval(intent, live, isNew),
            // A mail leaves no trace that can be read back. Count it as sent, so that it is never sent twice.
            _ => new(EffectKind.Done),
        };

    private static Effect OfInvitation(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew)
    {
        var members = live.Members.Where(m => Is(intent, m)).ToList();
        var waiting = Waiting(intent, live);
        if (members.Exists(m => intent.Access!.Matches(m.Access)))
            return new(EffectKind.Done);
        if (members.Find(m => isNew(m)) is { } member)
        {
            var isOld = intent.Kind == ActionKind.Replace;
            return new(isOld ? EffectKind.Accepted : EffectKind.Partly) { Member = member, Has = member.Access };
        }

        // Some vendors change the access of the same invitation.
        if (live.Invitations.Any(i => i.Id == intent.InvitationId && IsWaitingAsAsked(intent, i)))
            return new(EffectKind.Done);
        if (waiting is null)
            return new(EffectKind.None);
        var same = live.Invitations.Any(i => IsOther(intent, i) && intent.Access!.Matches(i.Access));
        return same ? new(EffectKind.Done) : new(EffectKind.Partly) { Has = waiting.Access };
    }

    private static Effect OfUpdate(WriteIntent intent, LiveProject live)
    {
        var member = live.Members.FirstOrDefault(m => m.MembershipId == intent.MembershipId);
        if (member is null)
            return new(EffectKind.None);
        if (intent.Access!.Matches(member.Access))
            return new(EffectKind.Done);
        var came = intent.Added.Grants.Any(member.Access.Has);
        var went = intent.Removed.Grants.Any(g => !member.Access.Has(g));
        return new(came || went ? EffectKind.Partly : EffectKind.None) { Member = member, Has = member.Access };
    }

    private static Effect OfRevocation(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew)
    {
        if (live.Invitations.Any(i => i.Id == intent.InvitationId && i.State == InvitationState.Pending))
            return new(EffectKind.None);
        return Gone(intent, live, isNew);
    }

    private static Effect OfRemoval(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew) =>
        live.Members.FirstOrDefault(m => m.MembershipId == intent.MembershipId) switch
        {
            null => Gone(intent, live, isNew),
            // What a group or a parent project gives stays listed under the same id.
            { IsInherited: true } => new(EffectKind.Done),
            _ => new(EffectKind.None),
        };

    private static Effect Gone(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew) =>
        live.Members.FirstOrDefault(m => Is(intent, m) && isNew(m)) is { } member
            ? new(EffectKind.Accepted) { Member = member, Has = member.Access }
            : new(EffectKind.Done);

    private static bool IsWaitingAsAsked(WriteIntent intent, LiveInvitation invitation) =>
        invitation.State == InvitationState.Pending
        && !intent.IsReminder
        && intent.Access!.Matches(invitation.Access)
        && Names(intent, invitation.Email, invitation.PersonId);

    private static LiveInvitation? Waiting(WriteIntent intent, LiveProject live) =>
        live.Invitations.FirstOrDefault(i => IsOther(intent, i));

    private static bool IsOther(WriteIntent intent, LiveInvitation invitation) =>
        invitation.State == InvitationState.Pending
        && invitation.Id != intent.InvitationId
        && Names(intent, invitation.Email, invitation.PersonId);

    // Match people who were added by the vendor's id by that id: the account may have no address.
    private static bool Names(WriteIntent intent, string email, string? personId) =>
        intent.Email.Length == 0
            ? intent.PersonId is not null && intent.PersonId == personId
            : EmailAddress.KeyOf(intent.Email) == EmailAddress.KeyOf(email);

    private static bool Is(WriteIntent intent, LiveMember member) =>
        (intent.PersonId is not null && intent.PersonId == member.PersonId)
        || (intent.Email.Length > 0 && EmailAddress.KeyOf(intent.Email) == EmailAddress.KeyOf(member.Email));
}
