using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.EquinixMetal;

/// <summary>
/// Connects to Equinix Metal. Reader and writer are two objects, so that a reader cannot be made to write.
/// </summary>
public static class EquinixMetalProvider
{
    /// <summary>Makes a connection to Equinix Metal. Nothing is sent yet.</summary>
    public static ProviderConnection Connect(ConnectionSettings settings)
    {
        var http = new VendorHttp(settings, new TokenHeader("X-Auth-Token"));
        var api = new EquinixMetalApi(http);
        var spelling = new EquinixMetalSpelling();
        return new(new EquinixMetalReader(api), () => new EquinixMetalWriter(api, spelling), http)
        {
            OwnInvitations = new EquinixMetalOwnInvitations(api),
            Directory = new EquinixMetalDirectory(api),
        };
    }

    /// <summary>Reads a complete list of invitations.</summary>
    internal static Task<IReadOnlyCollection<EquinixMetalInvitation>> InvitationsAsync(
        string name,
        Func<int, Task<EquinixMetalInvitationPage>> read
    )
    {
        var size = 0;
        return WholeList.ReadAsync(
            name,
            async next =>
            {
                var number = Number(next);
                var page = await read(number);
                return EquinixMetalMapping.ToPage(page.Invitations, page.Meta, number, ref size);
            },
            invitation => invitation.Id
        );
    }

    internal static int Number(string? next) => next is null ? 1 : int.Parse(next, CultureInfo.InvariantCulture);
}

/// <summary>Reads a project's members and invitations.</summary>
internal sealed class EquinixMetalReader(EquinixMetalApi api) : IProjectReader
{
    /// <summary>
    /// Reads the invitations first and then the members, never in parallel, so that a person who accepts in between is
    /// on both lists rather than on neither. Invitations have no status: answered ones are not listed, so all listed
    /// ones are pending.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var id = project.ProjectId;
        var invitations = await EquinixMetalProvider.InvitationsAsync(
            $"GET /projects/{id}/invitations",
            page => api.ListProjectInvitationsAsync(id, page, cancellation)
        );
        var members = await MembersAsync(id, cancellation);
        return new(
            [.. members.Select(EquinixMetalMapping.ToMember)],
            [.. invitations.Select(invitation => EquinixMetalMapping.ToInvitation(invitation, id))]
        );
    }

    private Task<IReadOnlyCollection<EquinixMetalMembership>> MembersAsync(
        string project,
        CancellationToken cancellation
    )
    {
        var size = 0;
        return WholeList.ReadAsync(
            $"GET /projects/{project}/memberships",
            async next =>
            {
                var number = EquinixMetalProvider.Number(next);
                var page = await api.ListMembershipsAsync(project, number, cancellation);
                return EquinixMetalMapping.ToPage(page.Memberships, page.Meta, number, ref size);
            },
            membership => membership.Id
        );
    }
}

/// <summary>Remembers which spelling the update of a membership takes, for all writers of a connection.</summary>
internal sealed class EquinixMetalSpelling
{
    private volatile string? _known;

    /// <summary>
    /// Whether it is <c>roles</c> rather than the documented <c>role</c>; null until one of them has worked.
    /// </summary>
    public bool? IsPlural => _known is null ? null : _known == EquinixMetalAccess.Roles;

    public void Worked(bool plural) => _known = plural ? EquinixMetalAccess.Roles : "role";
}

/// <summary>Writes to a project, one person in each call.</summary>
internal sealed class EquinixMetalWriter(EquinixMetalApi api, EquinixMetalSpelling spelling)
    : IProjectWriter,
        ICombinedInvitations
{
    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var (id, action) = (project.ProjectId, actions.Single());
        return action.Kind switch
        {
            ActionKind.Invite => InviteAsync(id, action, cancellation),
            ActionKind.Update => UpdateAsync(action, cancellation),
            ActionKind.Replace => ReplaceAsync(id, action, cancellation),
            ActionKind.Resend => ResendAsync(action, cancellation),
            ActionKind.Revoke => RevokeAsync(action, cancellation),
            ActionKind.Remove => Withdrawal.SendAsync(
                api.DeleteMembershipAsync(action.Member!.MembershipId, cancellation),
                WriteResult.Confirmed
            ),
            _ => throw new UnreachableException($"there is no way to {action.Kind}"),
        };
    }

    public async Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation)
    {
        var look = await api.LookAtProjectAsync(project.ProjectId, cancellation);
        return EquinixMetalMapping.IdOf(look.Memberships is [var first, ..] ? first.Project?.Organization : null)
            ?? throw new ProviderException(
                ProviderFault.BadAnswer,
                $"GET /projects/{project.ProjectId}/memberships does not tell the project's organization"
            );
    }

    public async Task<WriteResult> InviteAsync(
        string scope,
        IReadOnlyList<DesiredProject> projects,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var answer = await api.InviteToOrganizationAsync(
            scope,
            EquinixMetalMapping.ToInvitee(action, projects),
            cancellation
        );
        return Result(EquinixMetalMapping.Shows(answer, action, projects.Select(project => project.ProjectId)));
    }

    // The document does not say whether a registered person becomes a member at once, so an answer without a pending
    // invitation is confirmed by reading.
    private async Task<WriteResult> InviteAsync(string project, PlannedAction action, CancellationToken cancellation)
    {
        var answer = await api.InviteToProjectAsync(project, EquinixMetalMapping.ToInvitee(action), cancellation);
        return Result(EquinixMetalMapping.Shows(answer, action, project));
    }

    // The documented spelling is tried first. A server may refuse or ignore an unknown field, so the other spelling is
    // tried once. The one that works is kept, so that a later refusal concerns the roles themselves.
    private async Task<WriteResult> UpdateAsync(PlannedAction action, CancellationToken cancellation)
    {
        if (spelling.IsPlural is { } known)
            return Result(await TryUpdateAsync(action, known, cancellation));
        ProviderException? refusal = null;
        try
        {
            if (await TryUpdateAsync(action, plural: false, cancellation))
                return WriteResult.Confirmed;
        }
        catch (ProviderException refused) when (refused.Fault is ProviderFault.Refused)
        {
            refusal = refused;
        }

        try
        {
            return Result(await TryUpdateAsync(action, plural: true, cancellation));
        }
        catch (ProviderException refused) when (refused.Fault is ProviderFault.Refused)
        {
            if (refusal is null)
                return WriteResult.ReadBack;
            throw new ProviderException(
                ProviderFault.Refused,
                $"{refusal.Message}; with \"roles\" instead of \"role\", {refused.Message}",
                refused
            );
        }
    }

    private async Task<bool> TryUpdateAsync(PlannedAction action, bool plural, CancellationToken cancellation)
    {
        var change = EquinixMetalMapping.ToChange(action, plural);
        var isShown = EquinixMetalMapping.Shows(
            await api.UpdateMembershipAsync(action.Member!.MembershipId, change, cancellation),
            action
        );
        if (isShown)
            spelling.Worked(plural);
        return isShown;
    }

    // The answer is not documented, so only its status is used.
    private async Task<WriteResult> ResendAsync(PlannedAction action, CancellationToken cancellation)
    {
        await api.ResendInvitationAsync(action.Invitation!.Id, cancellation);
        return WriteResult.Confirmed;
    }

    // The document does not say what deleting an accepted invitation does, so success proves nothing about a
    // membership.
    private Task<WriteResult> RevokeAsync(PlannedAction action, CancellationToken cancellation) =>
        Withdrawal.SendAsync(api.DeleteInvitationAsync(action.Invitation!.Id, cancellation), WriteResult.ReadBack);

    private Task<WriteResult> ReplaceAsync(string project, PlannedAction action, CancellationToken cancellation) =>
        Replacement.SendAsync(RevokeAsync(action, cancellation), token => InviteAsync(project, action, token));

    private static WriteResult Result(bool isShown) => isShown ? WriteResult.Confirmed : WriteResult.ReadBack;
}

/// <summary>Lists the projects that the token's user is a member of.</summary>
internal sealed class EquinixMetalDirectory(EquinixMetalApi api) : IProjectDirectory
{
    public async Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation)
    {
        var size = 0;
        var projects = await WholeList.ReadAsync(
            "GET /projects",
            async next =>
            {
                var number = EquinixMetalProvider.Number(next);
                var page = await api.ListProjectsAsync(number, cancellation);
                return EquinixMetalMapping.ToPage(page.Projects, page.Meta, number, ref size);
            },
            project => project.Id
        );
        return [.. projects.Select(project => new NamedPlace(project.Id, project.Name))];
    }
}
