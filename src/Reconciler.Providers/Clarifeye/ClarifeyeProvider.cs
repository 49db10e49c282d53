using System.Diagnostics;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Clarifeye;

/// <summary>
/// Connects to Clarifeye. Reader and writer are two objects, so that a reader cannot be made to write.
/// </summary>
internal static class ClarifeyeProvider
{
    public static ProviderConnection Connect(ConnectionSettings settings)
    {
        var http = new VendorHttp(settings, TokenHeader.Bearer);
        var api = new ClarifeyeApi(http);
        return new(new ClarifeyeReader(api), () => new ClarifeyeWriter(api), http);
    }
}

/// <summary>Reads a project's members and pending invitations.</summary>
internal sealed class ClarifeyeReader(ClarifeyeApi api) : IProjectReader
{
    /// <summary>
    /// Reads the invitations first and then the members, never in parallel. A person who accepts in between is then on
    /// both lists, and the planner revokes the left-over invitation; in the other order the person would be on neither
    /// list.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        var id = project.ProjectId;
        var invites = await WholeList.ReadAsync(
            $"GET /projects/{id}/invites/",
            async next => ClarifeyeMapping.ToPage(await api.ListPendingInvitesAsync(id, next, cancellation)),
            invite => invite.Id
        );
        var members = await WholeList.ReadAsync(
            $"GET /projects/{id}/users/",
            async next => ClarifeyeMapping.ToPage(await api.ListUsersAsync(id, next, cancellation)),
            member => member.Id
        );

        // The query excludes accepted and cancelled invitations to keep the pages few, and the filter repeats it in
        // case the server ignores the query. Clarifeye has no declined invitations.
        var pending = invites.Where(invite => invite.Status == ClarifeyeInvite.Pending);
        return new([.. members.Select(ClarifeyeMapping.ToMember)], [.. pending.Select(ClarifeyeMapping.ToInvitation)]);
    }
}

/// <summary>Writes to a project, one person in each call.</summary>
internal sealed class ClarifeyeWriter(ClarifeyeApi api) : IProjectWriter
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
            ActionKind.Update => UpdateAsync(id, action, cancellation),
            ActionKind.Replace => ReplaceAsync(id, action, cancellation),
            ActionKind.Revoke => RevokeAsync(id, action, cancellation),
            ActionKind.Remove => RemoveAsync(id, action, cancellation),
            _ => throw new UnreachableException(
                $"Clarifeye has no way to {action.Kind}: its capabilities say so, and no plan holds it"
            ),
        };
    }

    // A registered user becomes a member at once ("existing_user"), so only the list of members shows the result.
    private async Task<WriteResult> InviteAsync(string project, PlannedAction action, CancellationToken cancellation)
    {
        var answer = await api.InviteAsync(project, ClarifeyeMapping.ToInvitation(action), cancellation);
        return ClarifeyeMapping.Shows(answer, action) ? WriteResult.Confirmed : WriteResult.ReadBack;
    }

    // The document does not say whether PATCH replaces the permissions or adds to them, so the answer is compared.
    private async Task<WriteResult> UpdateAsync(string project, PlannedAction action, CancellationToken cancellation)
    {
        var answer = await api.UpdateUserAsync(
            project,
            action.Member!.MembershipId,
            ClarifeyeMapping.ToChange(action),
            cancellation
        );
        return ClarifeyeMapping.Shows(answer, action) ? WriteResult.Confirmed : WriteResult.ReadBack;
    }

    private Task<WriteResult> ReplaceAsync(string project, PlannedAction action, CancellationToken cancellation) =>
        Replacement.SendAsync(RevokeAsync(project, action, cancellation), token => InviteAsync(project, action, token));

    // The document says that an invitation that is not pending is refused (400), so success (204) proves that nobody
    // had accepted it.
    private Task<WriteResult> RevokeAsync(string project, PlannedAction action, CancellationToken cancellation) =>
        Withdrawal.SendAsync(
            api.CancelInviteAsync(project, action.Invitation!.Id, cancellation),
            WriteResult.Confirmed
        );

    // A refusal (400) means that the user is unknown or is the caller. The address is sent exactly as the vendor has
    // it; a text that is no address could match nobody, or another person.
    private Task<WriteResult> RemoveAsync(string project, PlannedAction action, CancellationToken cancellation) =>
        EmailAddress.IsUsable(action.Member!.Email)
            ? Withdrawal.SendAsync(
                api.RemoveUserAsync(project, action.Member.Email, cancellation),
                WriteResult.Confirmed
            )
            : throw new ProviderException(
                ProviderFault.Refused,
                "nothing was sent: Clarifeye removes by address, and "
                    + $"{ProblemText.Quote(action.Member.Email)} is none; remove by hand"
            );
}
