using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Recording;

/// <summary>What reading a project shows of an action that was sent.</summary>
public enum EffectKind
{
    /// <summary>Nothing: the project is as it was.</summary>
    None,

    /// <summary>The action is done.</summary>
    Done,

    /// <summary>The person has other access than was asked for, and something of what was asked for came.</summary>
    Partly,

    /// <summary>
    /// The person is in the project by a membership that was not there before: they accepted before the action arrived.
    /// </summary>
    Accepted,
}

/// <summary>What reading a project shows of an action.</summary>
/// <param name="Kind">How far it is done.</param>
public readonly record struct Effect(EffectKind Kind)
{
    /// <summary>
    /// The person's membership as it is now, where <see cref="Kind"/> is partly or accepted and there is one.
    /// </summary>
    public LiveMember? Member { get; init; }

    /// <summary>What the person has, where <see cref="Kind"/> is <see cref="EffectKind.Partly"/>.</summary>
    public Access? Has { get; init; }
}

/// <summary>
/// Tells by reading whether an action is done: after an answer that was lost, after one that does not say, and after a
/// batch, where each person is judged alone. Access is taken away once neither the invitation nor a membership of the
/// person is listed.
/// </summary>
public static class ActionEffect
{
    /// <summary>What a project, read after an action was sent, shows of it.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    /// <param name="before">The project that the action was planned with; it tells who became a member since.</param>
    public static Effect Of(PlannedAction action, LiveProject live, LiveProject before)
    {
        var known = before.Members.Select(m => m.MembershipId).ToHashSet(StringComparer.Ordinal);
        return Of(WriteIntent.Of(action, default), live, m => !known.Contains(m.MembershipId));
    }

    /// <summary>What a project shows of a write whose outcome nobody noted.</summary>
    /// <param name="intent">The write.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    /// <remarks>
    /// What it was planned with is gone: whoever should have lost everything and is a member counts as having accepted.
    /// </remarks>
    public static Effect Of(WriteIntent intent, LiveProject live) =>
        Of(intent, live, _ => intent.Kind != ActionKind.Revoke || intent.CountsAsRemoval || intent.GivesUp);

    /// <summary>Whether a project, read after an action was sent, shows it done.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool IsVisible(PlannedAction action, LiveProject live) =>
        Of(WriteIntent.Of(action, default), live).Kind == EffectKind.Done;

    /// <summary>
    /// Whether a project shows anything of an invitation that was sent, with whatever access: then another mail would
    /// be a second one.
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
            // Nobody shows when a mail was sent: it is counted as sent, so that it is never sent twice.
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
        live.Members.Any(m => m.MembershipId == intent.MembershipId) ? new(EffectKind.None) : Gone(intent, live, isNew);

    private static Effect Gone(WriteIntent intent, LiveProject live, Func<LiveMember, bool> isNew) =>
        live.Members.FirstOrDefault(m => Is(intent, m) && isNew(m)) is { } member
            ? new(EffectKind.Accepted) { Member = member, Has = member.Access }
            : new(EffectKind.Done);

    private static LiveInvitation? Waiting(WriteIntent intent, LiveProject live) =>
        live.Invitations.FirstOrDefault(i => IsOther(intent, i));

    private static bool IsOther(WriteIntent intent, LiveInvitation invitation) =>
        invitation.State == InvitationState.Pending
        && invitation.Id != intent.InvitationId
        && Names(intent, invitation.Email, invitation.PersonId);

    // Somebody who was added by the vendor's id is found by it: the account may have no address.
    private static bool Names(WriteIntent intent, string email, string? personId) =>
        intent.Email.Length == 0
            ? intent.PersonId is not null && intent.PersonId == personId
            : EmailAddress.KeyOf(intent.Email) == EmailAddress.KeyOf(email);

    private static bool Is(WriteIntent intent, LiveMember member) =>
        (intent.PersonId is not null && intent.PersonId == member.PersonId)
        || (intent.Email.Length > 0 && EmailAddress.KeyOf(intent.Email) == EmailAddress.KeyOf(member.Email));
}
