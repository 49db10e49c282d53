using System.Collections.Immutable;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.EquinixMetal;

/// <summary>Finds invitations of the token's user, and those of an organization.</summary>
internal sealed class EquinixMetalOwnInvitations(EquinixMetalApi api) : IOwnInvitations
{
    public async Task<ImmutableArray<PersonalInvitation>> ListAsync(CancellationToken cancellation) =>
        Sorted(
            await EquinixMetalProvider.InvitationsAsync(
                "GET /invitations",
                page => api.ListOwnInvitationsAsync(named: true, page, cancellation)
            )
        );

    public async Task<ImmutableArray<PersonalInvitation>> ListOrganizationAsync(
        string organizationId,
        CancellationToken cancellation
    ) =>
        Sorted(
            await EquinixMetalProvider.InvitationsAsync(
                $"GET /organizations/{organizationId}/invitations",
                page => api.ListOrganizationInvitationsAsync(organizationId, page, cancellation)
            )
        );

    // The inviter can see the invitation too and would revoke it by declining, so it must be on the user's own list.
    public async Task<PersonalInvitation?> FindAsync(string id, CancellationToken cancellation)
    {
        var own = await EquinixMetalProvider.InvitationsAsync(
            "GET /invitations",
            page => api.ListOwnInvitationsAsync(named: false, page, cancellation)
        );
        var found = own.FirstOrDefault(invitation =>
            string.Equals(invitation.Id, id, StringComparison.OrdinalIgnoreCase)
        );
        return found is null
            ? null
            : EquinixMetalMapping.ToPersonal(await api.ViewInvitationAsync(found.Id, cancellation));
    }

    public async Task<PersonalInvitation?> ViewAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return EquinixMetalMapping.ToPersonal(await api.ViewInvitationAsync(id, cancellation));
        }
        catch (ProviderException missing) when (missing.Fault == ProviderFault.NotFound)
        {
            return null;
        }
    }

    public Task AcceptAsync(PersonalInvitation invitation, CancellationToken cancellation) =>
        api.AcceptInvitationAsync(invitation.Id, cancellation);

    public Task DeclineAsync(PersonalInvitation invitation, CancellationToken cancellation) =>
        api.DeleteInvitationAsync(invitation.Id, cancellation);

    private static ImmutableArray<PersonalInvitation> Sorted(IEnumerable<EquinixMetalInvitation> invitations) =>
        [
            .. invitations
                .Select(EquinixMetalMapping.ToPersonal)
                .OrderBy(i => i.CreatedAt)
                .ThenBy(i => i.Id, StringComparer.Ordinal),
        ];
}
