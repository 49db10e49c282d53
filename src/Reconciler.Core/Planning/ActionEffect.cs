using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Tells by reading whether an action is done: after an answer that was lost, after one that does not say, and after a batch, where
/// each person is judged alone.
/// </summary>
public static class ActionEffect
{
    /// <summary>Whether a project, read after an action was sent, shows it done.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool IsVisible(PlannedAction action, LiveProject live) => IsVisible(WriteIntent.Of(action, default), live);

    /// <summary>Whether a project shows anything of an invitation that was sent, with whatever access: then another mail would be a second one.</summary>
    /// <param name="action">The action.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool HasTrace(PlannedAction action, LiveProject live) => HasTrace(WriteIntent.Of(action, default), live);

    /// <summary>Whether a project, read after an action was sent, shows it done.</summary>
    /// <param name="action">The action, as it was intended.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool IsVisible(WriteIntent action, LiveProject live) => action.Kind switch
    {
        ActionKind.Invite or ActionKind.Replace => live.Members.Any(m => Has(action, m)) || live.Invitations.Any(i => Has(action, i)),
        ActionKind.Update => live.Members.Any(m => m.MembershipId == action.MembershipId && action.Access!.Matches(m.Access)),
        ActionKind.Revoke => !live.Invitations.Any(i => i.Id == action.InvitationId && i.State == InvitationState.Pending),
        ActionKind.Remove => !live.Members.Any(m => m.MembershipId == action.MembershipId),
        // Nobody shows when a mail was sent: it is counted as sent, so that it is never sent twice.
        _ => true,
    };

    /// <summary>Whether a project shows anything of an invitation that was sent, with whatever access: then another mail would be a second one.</summary>
    /// <param name="action">The action, as it was intended.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static bool HasTrace(WriteIntent action, LiveProject live) =>
        live.Members.Any(m => Names(action, m.Email, m.PersonId))
        || live.Invitations.Any(i => i.State == InvitationState.Pending && i.Id != action.InvitationId && Names(action, i.Email, i.PersonId));

    private static bool Has(WriteIntent action, LiveMember member) =>
        Names(action, member.Email, member.PersonId) && action.Access!.Matches(member.Access);

    private static bool Has(WriteIntent action, LiveInvitation invitation) =>
        invitation.State == InvitationState.Pending && invitation.Id != action.InvitationId
        && Names(action, invitation.Email, invitation.PersonId) && action.Access!.Matches(invitation.Access);

    // Somebody who was added by the vendor's id is found by it: the account may have no address.
    private static bool Names(WriteIntent action, string email, string? personId) => action.Email.Length == 0
        ? action.PersonId is not null && action.PersonId == personId : EmailAddress.KeyOf(action.Email) == EmailAddress.KeyOf(email);
}
