using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Testing.Core;

/// <summary>What a vendor makes of a change, in memory: the simplest thing that keeps the contract.</summary>
public static class VendorModel
{
    /// <summary>The project after an action.</summary>
    /// <param name="live">The project before.</param>
    /// <param name="action">The action.</param>
    /// <param name="now">The time, which a new invitation carries.</param>
    /// <param name="addsDirectly">Whether the invited are members at once.</param>
    public static LiveProject After(
        LiveProject live,
        PlannedAction action,
        DateTimeOffset now,
        bool addsDirectly = false
    ) =>
        action.Kind switch
        {
            ActionKind.Invite when addsDirectly => live with
            {
                Members = live.Members.Add(new($"new-{action.Email}", null, action.Email, action.Access!.Grants)),
            },
            ActionKind.Invite => live with { Invitations = live.Invitations.Add(Invitation(action, now)) },
            ActionKind.Replace => live with
            {
                Invitations = live.Invitations.Remove(action.Invitation!).Add(Invitation(action, now)),
            },
            ActionKind.Revoke => live with { Invitations = live.Invitations.Remove(action.Invitation!) },
            ActionKind.Remove => live with { Members = live.Members.Remove(action.Member!) },
            ActionKind.Update => live with
            {
                Members = live.Members.Replace(action.Member!, action.Member! with { Access = Updated(action) }),
            },
            _ => live,
        };

    private static Access Updated(PlannedAction action) =>
        action.Member!.Access.Without(action.Access!.ExcessOf(action.Member.Access)).With(action.Access.Grants);

    private static LiveInvitation Invitation(PlannedAction action, DateTimeOffset now) =>
        new(
            $"new-{action.Email}-{action.Invitation?.Id}",
            action.Email,
            action.Access!.Grants,
            InvitationState.Pending,
            now
        );
}
