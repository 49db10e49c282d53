using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Clarifeye;

/// <summary>Converts between Clarifeye's records and the model.</summary>
internal static class ClarifeyeMapping
{
    public static ListPage<T> ToPage<T>(ClarifeyePage<T> page) => new(page.Results, page.Count, page.Next);

    public static LiveMember ToMember(ClarifeyeMember member) =>
        new(member.Id, member.User.Id, member.User.Email ?? "", ToAccess(member.Permissions, member.Profile));

    public static LiveInvitation ToInvitation(ClarifeyeInvite invite) =>
        new(
            invite.Id,
            invite.Email ?? "",
            ToAccess(invite.Permissions, invite.Profile),
            InvitationState.Pending,
            invite.CreatedAt
        )
        {
            InvitedBy = GrantMeaning.TextOf(invite.InvitedBy?.Email),
        };

    /// <summary>
    /// Converts permissions. Unknown words are kept, so that nobody is shown with less access than they have.
    /// </summary>
    public static Access ToAccess(IReadOnlyList<string> permissions, string? profile)
    {
        var grants = permissions
            .OfType<string>()
            .Select(permission => ClarifeyeAccess.Words.Grant(ClarifeyeAccess.Permissions, permission));
        return Access.Of(
            profile is null ? grants : grants.Append(ClarifeyeAccess.Words.Grant(ClarifeyeAccess.Profile, profile))
        );
    }

    public static ClarifeyeInvitation ToInvitation(PlannedAction action) =>
        new(action.Email, Permissions(action.Access!), Profile(action.Access!));

    public static ClarifeyeChange ToChange(PlannedAction action) =>
        new(Permissions(action.Access!), Profile(action.Access!));

    /// <summary>Whether the answer to an invitation shows it as pending with the declared access.</summary>
    public static bool Shows(ClarifeyeInvite answer, PlannedAction action) =>
        answer is { Type: ClarifeyeInvite.NewUser, Status: ClarifeyeInvite.Pending }
        && EmailAddress.KeyOf(answer.Email ?? "") == EmailAddress.KeyOf(action.Email)
        && action.Access!.Matches(ToAccess(answer.Permissions, answer.Profile));

    /// <summary>Whether the answer to an update shows the declared access.</summary>
    public static bool Shows(ClarifeyeMember answer, PlannedAction action) =>
        answer.Id == action.Member!.MembershipId
        && action.Access!.Matches(ToAccess(answer.Permissions, answer.Profile));

    // Sorted grants make the same access always produce the same request.
    private static List<string> Permissions(DesiredAccess access) =>
        [.. access.Grants.Words(ClarifeyeAccess.Permissions)];

    private static string? Profile(DesiredAccess access) =>
        access.Grants.Words(ClarifeyeAccess.Profile).FirstOrDefault();
}
