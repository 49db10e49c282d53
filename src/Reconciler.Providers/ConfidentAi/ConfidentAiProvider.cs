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
    // "CONFIDENT_API_KEY", raw: with "Bearer" before it, it is no key.
    private static readonly TokenHeader Key = new("CONFIDENT_API_KEY");

    public static ProviderConnection Connect(ConnectionSettings settings)
    {
        var http = new VendorHttp(settings, Key);
        var api = new ConfidentAiApi(http);
        var roles = new ConfidentAiRolesSeen(api);
        return new(new ConfidentAiReader(api, roles), () => new ConfidentAiWriter(api, roles), http)
        {
            Directory = new ConfidentAiDirectory(api),
        };
    }
}

/// <summary>The projects of the key's organization.</summary>
internal sealed class ConfidentAiDirectory(ConfidentAiApi api) : IProjectDirectory
{
    public async Task<ImmutableArray<NamedPlace>> ListAsync(CancellationToken cancellation) =>
        ConfidentAiMapping.ToPlaces(
            ConfidentAiMapping.Whole((await api.ListProjectsAsync(cancellation)).Projects, "GET /v1/projects")
        );
}

/// <summary>Reads a project's members and its pending and declined invitations.</summary>
internal sealed class ConfidentAiReader(ConfidentAiApi api, ConfidentAiRolesSeen seen) : IProjectReader
{
    /// <summary>
    /// The invitations first, the members after them, never side by side: somebody who accepts in between is on both
    /// lists, and the planner revokes what is left over. The other way round they would be on neither, and taken for
    /// somebody who vanished.
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

    // Members come with id and name of their roles. Where everybody who is declared has theirs, that is all there is to
    // know. Otherwise a role will be given, and only the list tells whether another one has its name. What was known
    // from earlier passes is not used: a role may have got another name.
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
/// Writes to a project: invitations with the same role in one call, everything else one person a call.
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

    // Members and people who are invited already are skipped; the document does not say whether the answer names them.
    // Either way it does not show them as invited with this role, and only reading the project tells what they are.
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
        // Whatever can be refused without a request is, before the old invitation is touched.
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

    // The document does not say that an invitation which was accepted cannot be deleted, so "deleted" proves nothing
    // about a membership.
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

/// <summary>The roles of each project as its last reading saw them: a write that follows needs their ids.</summary>
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

    /// <summary>
    /// The id of a role; the list is read where the last reading of the project did not meet the role.
    /// </summary>
    /// <exception cref="ProviderException">There is no such role, or several.</exception>
    public async Task<string> IdOfAsync(string project, string name, CancellationToken cancellation)
    {
        if (_ofProject.TryGetValue(project, out var known) && known.IdOf(name) is { } id)
            return id;
        var roles = await ReadAsync(project, cancellation);
        return roles.IdOf(name)
            ?? throw new ProviderException(ProviderFault.Refused, $"nothing was sent: {roles.Problem(name)}");
    }
}
