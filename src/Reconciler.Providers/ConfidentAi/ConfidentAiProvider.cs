using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.ConfidentAi;

/// <summary>
/// Connects to Confident AI. Reader and writer are two objects, so that a reader cannot be made to write.
/// </summary>
internal static class ConfidentAiProvider
{
    // The documented header is "CONFIDENT_API_KEY" with the bare key. A key with the prefix "Bearer" is refused.
    private static readonly TokenHeader Key = new("CONFIDENT_API_KEY");

    public static ProviderConnection Connect(ConnectionSettings settings)
    {
        var http = new VendorHttp(settings, Key);
        var api = new ConfidentAiApi(http);
        var roles = new ConfidentAiRolesSeen(api);
        return new(new ConfidentAiReader(api, roles), () => new ConfidentAiWriter(api, roles), http)
        {
            Directory = new ConfidentAiDirectory(api),
            Meanings = new ConfidentAiMeanings(api),
        };
    }
}

/// <summary>Lists the projects of the key's organization.</summary>
internal sealed class ConfidentAiDirectory(ConfidentAiApi api) : IProjectDirectory
{
    public async Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation) =>
        ConfidentAiMapping.ToPlaces(
            ConfidentAiMapping.Whole((await api.ListProjectsAsync(cancellation)).Projects, "GET /v1/projects")
        );
}

/// <summary>Tells what the roles of a project permit.</summary>
internal sealed class ConfidentAiMeanings(ConfidentAiApi api) : IAccessMeanings
{
    public async Task<ImmutableArray<GrantMeaning>> ReadAsync(string projectId, CancellationToken cancellation)
    {
        var answer = await api.ListRolesAsync(projectId, cancellation);
        return
        [
            .. ConfidentAiMapping
                .Whole(answer.Roles, $"GET /v1/projects/{projectId}/roles")
                .Select(ConfidentAiMapping.ToMeaning),
        ];
    }
}

/// <summary>Reads a project's members and its pending and declined invitations.</summary>
internal sealed class ConfidentAiReader(ConfidentAiApi api, ConfidentAiRolesSeen seen) : IProjectReader
{
    /// <summary>
    /// Reads the invitations first and then the members, never in parallel. A person who accepts in between is then on
    /// both lists, and the planner revokes the left-over invitation; in the other order the person would be on neither
    /// list.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var id = project.ProjectId;
        var answer = await api.ListInvitationsAsync(id, cancellation);
        var invitations = ConfidentAiMapping
            .Whole(answer.Invitations, $"GET /v1/projects/{id}/invitations")
            .Where(ConfidentAiMapping.Matters)
            .ToList();
        var listed = await WholeList.ReadAsync(
            $"GET /v1/projects/{id}/members",
            async next =>
            {
                var page = ConfidentAiMapping.ToNumber(next);
                return ConfidentAiMapping.ToPage(await api.ListMembersAsync(id, page, cancellation), page);
            },
            member => member.Id
        );
        var roles = await RolesAsync(project, listed, invitations, cancellation);
        roles.Check(project);
        var declared = new ConfidentAiDeclared(project);
        var members = listed.Select(member => ConfidentAiMapping.ToMember(member, declared)).ToList();
        ConfidentAiOwner.Check(project, members);
        return new(
            [.. members],
            [.. invitations.Select(invitation => ConfidentAiMapping.ToInvitation(invitation, roles, declared))]
        );
    }

    // Members come with the id and name of their role, which is enough where every declared person already has the
    // declared role. Otherwise a role must be assigned, and only the list of roles shows whether its name is unique.
    // Roles of earlier runs are not reused, since a role may have been renamed.
    private async Task<ConfidentAiRoles> RolesAsync(
        DesiredProject project,
        IReadOnlyCollection<ConfidentAiMember> members,
        List<ConfidentAiInvitation> invitations,
        CancellationToken cancellation
    )
    {
        var roles = new ConfidentAiRoles(members.Select(member => member.ProjectRole).OfType<ConfidentAiRole>());
        var isMet = new ConfidentAiDeclared(project).IsMetBy(project, members);
        if (!isMet || !roles.Cover(project, invitations))
            return await seen.ReadAsync(project.ProjectId, cancellation);
        seen.Keep(project.ProjectId, roles);
        return roles;
    }
}

/// <summary>
/// Writes to a project: invitations with the same role in one call, all other actions with one call for each person.
/// </summary>
internal sealed class ConfidentAiWriter(ConfidentAiApi api, ConfidentAiRolesSeen seen) : IProjectWriter
{
    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    ) =>
        actions[0].Kind switch
        {
            ActionKind.Invite => InviteAsync(project, actions, cancellation),
            ActionKind.Update => UpdateAsync(project, actions.Single(), cancellation),
            ActionKind.Replace => ReplaceAsync(project, actions.Single(), cancellation),
            ActionKind.Resend => ResendAsync(project, actions.Single(), cancellation),
            ActionKind.Revoke => RevokeAsync(project, actions.Single(), cancellation),
            ActionKind.Remove => RemoveAsync(project, actions.Single(), cancellation),
            var kind => throw new UnreachableException($"there is no action {kind}"),
        };

    // Members and invited people are skipped, and the document does not say whether the answer contains them. In both
    // cases the answer does not show the invitation, so the project must be read.
    private async Task<WriteResult> InviteAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var role = ConfidentAiMapping.RoleOf(actions[0].Access!);
        ConfidentAiOwner.RefuseInvitation(role);
        var batch = ConfidentAiMapping.ToBatch(actions, await seen.IdOfAsync(project.ProjectId, role, cancellation));
        var answer = await api.InviteAsync(project.ProjectId, batch, cancellation);
        return ConfidentAiMapping.Shows(answer, batch) ? WriteResult.Confirmed : WriteResult.ReadBack;
    }

    private async Task<WriteResult> UpdateAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var (role, user) = (ConfidentAiMapping.RoleOf(action.Access!), action.Member!.MembershipId);
        var isOwner = role == ConfidentAiAccess.Owner;
        if (isOwner)
            ConfidentAiOwner.RefuseTransfer(project);
        var roleId = await seen.IdOfAsync(project.ProjectId, role, cancellation);
        var answer = await api.AssignRoleAsync(project.ProjectId, user, roleId, isOwner, cancellation);
        return ConfidentAiMapping.Shows(answer.Member, user, roleId) ? WriteResult.Confirmed : WriteResult.ReadBack;
    }

    private async Task<WriteResult> ReplaceAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        // Everything that can be refused without a request is checked before the old invitation is revoked.
        var role = ConfidentAiMapping.RoleOf(action.Access!);
        ConfidentAiOwner.RefuseInvitation(role);
        await seen.IdOfAsync(project.ProjectId, role, cancellation);
        return await Replacement.SendAsync(
            RevokeAsync(project, action, cancellation),
            token => InviteAsync(project, [action], token)
        );
    }

    private async Task<WriteResult> ResendAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        await api.ResendInvitationAsync(project.ProjectId, action.Invitation!.Id, cancellation);
        return WriteResult.Confirmed;
    }

    // The document does not say that deleting an accepted invitation fails, so "deleted" proves nothing about a
    // membership.
    private Task<WriteResult> RevokeAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    ) =>
        Withdrawal.SendAsync(
            api.RevokeInvitationAsync(project.ProjectId, action.Invitation!.Id, cancellation),
            WriteResult.ReadBack
        );

    private Task<WriteResult> RemoveAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    ) => Withdrawal.SendAsync(RemovedAsync(project, action, cancellation));

    private async Task<WriteResult> RemovedAsync(
        DesiredProject project,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var answer = await api.RemoveMemberAsync(project.ProjectId, action.Member!.MembershipId, cancellation);
        return answer.Removed ? WriteResult.Confirmed : WriteResult.ReadBack;
    }
}

/// <summary>Remembers the roles of each project from its last reading, since writes need their ids.</summary>
internal sealed class ConfidentAiRolesSeen(ConfidentAiApi api)
{
    private readonly ConcurrentDictionary<string, ConfidentAiRoles> _ofProject = new(StringComparer.Ordinal);

    public void Keep(string project, ConfidentAiRoles roles) => _ofProject[project] = roles;

    public async Task<ConfidentAiRoles> ReadAsync(string project, CancellationToken cancellation)
    {
        var answer = await api.ListRolesAsync(project, cancellation);
        var roles = new ConfidentAiRoles(ConfidentAiMapping.Whole(answer.Roles, $"GET /v1/projects/{project}/roles"));
        Keep(project, roles);
        return roles;
    }

    /// <summary>Finds the id of a role, and lists the roles where the last reading did not contain it.</summary>
    /// <exception cref="ProviderException">No role or several roles have the name.</exception>
    public async Task<string> IdOfAsync(string project, string name, CancellationToken cancellation)
    {
        if (_ofProject.TryGetValue(project, out var known) && known.IdOf(name) is { } id)
            return id;
        var roles = await ReadAsync(project, cancellation);
        return roles.IdOf(name)
            ?? throw new ProviderException(ProviderFault.Refused, $"nothing was sent: {roles.Problem(name)}");
    }
}
