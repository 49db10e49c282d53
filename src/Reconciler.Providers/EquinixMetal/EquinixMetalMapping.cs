using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.EquinixMetal;

/// <summary>Converts between Equinix Metal's records and the model.</summary>
internal static class EquinixMetalMapping
{
    // The document names two maxima for a page, 100 and 1000, and says that it "differs by resource type". A page
    // shorter than 100 is the last one; after a longer page, the next one is requested too.
    private const int LeastMaximum = 100;

    /// <summary>
    /// Converts a page, numbered from 1. Where <c>meta</c> is missing, the last page is the first one that is shorter
    /// than the pages before it.
    /// </summary>
    public static ListPage<T> ToPage<T>(IReadOnlyList<T> items, EquinixMetalMeta? meta, int page, ref int size)
    {
        if (page == 1)
            size = Math.Max(items.Count, LeastMaximum);
        var more = meta is null
            ? items.Count >= size
            : meta.Next?.Href is not null || meta.LastPage > (meta.CurrentPage ?? page);
        return new(items, meta?.Total, more ? (page + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    public static LiveMember ToMember(EquinixMetalMembership membership)
    {
        // Without addresses nobody would be recognized, and everybody would be invited a second time.
        if (membership.User is not { } user || (user.Email is null && user.Id is null))
            throw new ProviderException(
                ProviderFault.BadAnswer,
                $"the membership {VendorText.Clean(membership.Id)} came without its user, although "
                    + "include=user was asked for"
            );
        return new(membership.Id, IdOf(user), user.Email ?? "", ToAccess(membership.Roles))
        {
            Name = GrantMeaning.TextOf(user.FullName),
        };
    }

    public static LiveInvitation ToInvitation(EquinixMetalInvitation invitation, string project) =>
        new(
            invitation.Id,
            invitation.Invitee ?? "",
            ToAccess(invitation.Roles),
            InvitationState.Pending,
            invitation.CreatedAt
        )
        {
            // An invitation without projects is treated as one for several projects, so that it is not revoked by
            // mistake.
            NamesOtherProjects = invitation.Projects is not [var only] || !IsSame(IdOf(only), project),
            MailId = invitation.Id,
            InvitedBy = GrantMeaning.TextOf(invitation.InvitedBy?.Email),
        };

    public static PersonalInvitation ToPersonal(EquinixMetalInvitation invitation) =>
        new(invitation.Id, invitation.Invitee ?? "", ToAccess(invitation.Roles), invitation.CreatedAt)
        {
            Projects = [.. (invitation.Projects ?? []).Select(ToPlace).OfType<NamedPlace>()],
            Organization = ToPlace(invitation.Organization),
            InvitedBy = GrantMeaning.TextOf(invitation.InvitedBy?.Email),
        };

    /// <summary>Converts roles. Unknown roles are kept, since servers know other roles than the document.</summary>
    public static Access ToAccess(IReadOnlyList<string> roles) =>
        Access.Of(
            roles.OfType<string>().Select(role => EquinixMetalAccess.Words.Grant(EquinixMetalAccess.Roles, role))
        );

    public static EquinixMetalInvitee ToInvitee(PlannedAction action, IEnumerable<DesiredProject>? projects = null) =>
        new(
            action.Email,
            ToRoles(action),
            action.Message,
            projects?.Select(project => project.ProjectId).ToImmutableArray()
        );

    public static EquinixMetalChange ToChange(PlannedAction action, bool plural) =>
        plural ? new(Roles: ToRoles(action)) : new(Role: ToRoles(action));

    /// <summary>Whether the answer to an invitation shows it as pending with the declared access.</summary>
    public static bool Shows(
        EquinixMetalInvitation answer,
        PlannedAction action,
        params IEnumerable<string> projects
    ) =>
        EmailAddress.KeyOf(answer.Invitee ?? "") == EmailAddress.KeyOf(action.Email)
        && action.Access!.Matches(ToAccess(answer.Roles))
        && projects.All(project => (answer.Projects ?? []).Any(named => IsSame(IdOf(named), project)));

    /// <summary>Whether the answer to an update shows the declared access.</summary>
    public static bool Shows(EquinixMetalMembership answer, PlannedAction action) =>
        answer.Id == action.Member!.MembershipId && action.Access!.Matches(ToAccess(answer.Roles));

    /// <summary>
    /// Finds the id of a nested object: its own, or the last segment of its href, such as
    /// <c>/metal/v1/projects/{id}</c>.
    /// </summary>
    public static string? IdOf(EquinixMetalObject? nested) =>
        nested switch
        {
            { Id: { Length: > 0 } id } => id,
            { Href: { } href } when href[(href.LastIndexOf('/') + 1)..] is { Length: > 0 } last => last,
            _ => null,
        };

    private static NamedPlace? ToPlace(EquinixMetalObject? nested) =>
        IdOf(nested) is { } id ? new(id, nested!.Name) : null;

    private static bool IsSame(string? id, string project) =>
        string.Equals(id, project, StringComparison.OrdinalIgnoreCase);

    // Sorted grants make the same access always produce the same request.
    private static ImmutableArray<string> ToRoles(PlannedAction action) =>
        [.. action.Access!.Grants.Words(EquinixMetalAccess.Roles)];
}
