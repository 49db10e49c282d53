using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Tests.Model;

/// <summary>How an account takes writes: what reaches it, what it refuses, what it changes.</summary>
internal sealed partial class ModelAccount
{
    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    ) => SendAsync([.. actions.Select(a => (project, a))], null);

    public Task<string> ScopeAsync(DesiredProject project, CancellationToken cancellation) =>
        Task.FromResult("one organization");

    public Task<WriteResult> InviteAsync(
        string scope,
        IReadOnlyList<DesiredProject> projects,
        PlannedAction action,
        CancellationToken cancellation
    ) => SendAsync([.. projects.Select(p => (p, action))], NextId("i"));

    // A failure is put into the task, as with requests over a network, so that callers that share a task see the same
    // failure.
    private Task<WriteResult> SendAsync(
        ImmutableArray<(DesiredProject Project, PlannedAction Action)> writes,
        string? shared
    )
    {
        try
        {
            return Task.FromResult(Send(writes, shared));
        }
        catch (Exception failure)
        {
            return Task.FromException<WriteResult>(failure);
        }
    }

    private WriteResult Send(ImmutableArray<(DesiredProject Project, PlannedAction Action)> writes, string? shared)
    {
        End(writes[0].Project);
        Race(writes[0].Project, writes[0].Action);
        var fault =
            Trouble is { } trouble && trouble.Chance.Once(trouble.Writes)
                ? WriteFault.Of(trouble.Chance, writes[0].Action)
                : null;
        if (fault is null or { IsDone: true })
        {
            // A vendor refuses the whole call before it does anything.
            foreach (var (project, action) in writes)
                Refuse(project, action);
        }

        foreach (var (project, action) in writes)
        {
            if (fault is null or { IsDone: true })
                Do(project, action, shared);
            else if (fault.IsPartlyDone && action.Invitation is { } old)
                Change(
                    project.ProjectId,
                    live => live with { Invitations = live.Invitations.RemoveAll(i => i.Id == old.Id) }
                );
            Sent.Add(new(project, action, fault is null or { IsDone: true }));
        }

        if (fault?.Failure is { } failure)
            throw failure;
        return ReadsBack || fault is { IsDone: false } ? WriteResult.ReadBack : WriteResult.Confirmed;
    }

    // The person accepts between the reading and the write: there is no such invitation any more.
    private void Race(DesiredProject project, PlannedAction action)
    {
        if (
            action
            is not { Kind: ActionKind.Revoke or ActionKind.Replace, Invitation: { NamesOtherProjects: false } old }
        )
            return;
        if (Trouble is not { } trouble || !trouble.Chance.Once(trouble.Races))
            return;
        if (!Projects[project.ProjectId].Invitations.Any(i => i.Id == old.Id && i.State == InvitationState.Pending))
            return;
        Change(
            project.ProjectId,
            live =>
                live with
                {
                    Invitations = live.Invitations.RemoveAll(i => i.Id == old.Id),
                    Members = live.Members.Any(m => Same(m.Email, old.Email))
                        ? live.Members
                        : live.Members.Add(Member(old.Email, old.Access)),
                }
        );
        Organisation?.Add(EmailAddress.KeyOf(old.Email));
        Sent.Add(new(project, action, false));
        throw new ProviderException(ProviderFault.NotFound, "there is no such invitation")
        {
            IsSettledByReading = true,
        };
    }

    private void End(DesiredProject project)
    {
        if (Trouble?.EndsAfter is not { } most)
            return;
        var left = _left.GetValueOrDefault(project.ProjectId, most);
        if (left == 0)
            throw new OperationCanceledException();
        _left[project.ProjectId] = left - 1;
    }

    private void Refuse(DesiredProject project, PlannedAction action)
    {
        var live = Projects[project.ProjectId];
        var reason = action.Kind switch
        {
            ActionKind.Invite when live.Members.Any(m => Same(m.Email, action.Email)) => "is a member",
            ActionKind.Update when !live.Members.Any(m => m.MembershipId == action.Member!.MembershipId) =>
                "there is no such member",
            ActionKind.Resend when !live.Invitations.Any(i => i.Id == action.Invitation!.Id) =>
                "there is no such invitation",
            _ => null,
        };
        if (reason is not null)
            throw new ProviderException(ProviderFault.Refused, reason);
    }

    private void Do(DesiredProject project, PlannedAction action, string? shared)
    {
        var isMail = action.Kind is ActionKind.Invite or ActionKind.Resend or ActionKind.Replace;
        var waits = Projects[project.ProjectId]
            .Invitations.Any(i => i.State == InvitationState.Pending && action.Person.Is(i.Email, i.PersonId));
        if (action.Kind == ActionKind.Invite && waits)
            Complaints.Add($"a second invitation to {action.Email} in {project.Id} while one waits");
        if (action is { Kind: ActionKind.Revoke or ActionKind.Replace, Invitation.NamesOtherProjects: true })
            Complaints.Add($"revoked an invitation of {action.Email} that names other projects");
        var isAdded = action.Kind == ActionKind.Invite && Organisation?.Contains(action.Email) == true;
        if (isMail && !isAdded)
            Mails.Add(new(project.ProjectId, EmailAddress.KeyOf(action.Email), clock.GetUtcNow(), action.IsReminder));
        Change(
            project.ProjectId,
            live =>
                isAdded
                    ? live with
                    {
                        Members = live.Members.Add(Member(action.Email, action.Access!.Grants)),
                    }
                    : After(live, action, shared)
        );
    }

    private LiveProject After(LiveProject live, PlannedAction action, string? shared) =>
        action.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace => live with
            {
                Invitations = live
                    .Invitations.RemoveAll(i => i.Id == action.Invitation?.Id)
                    .Add(
                        Invitation(action.Email, action.Access!.Grants) with
                        {
                            Id = shared ?? NextId("i"),
                            NamesOtherProjects = shared is not null || Organisation is not null,
                        }
                    ),
            },
            ActionKind.Update => live with
            {
                Members =
                [
                    .. live.Members.Select(m =>
                        m.MembershipId != action.Member!.MembershipId
                            ? m
                            : m with
                            {
                                Access = m.Access.Without(action.Access!.ExcessOf(m.Access)).With(action.Access.Grants),
                            }
                    ),
                ],
            },
            ActionKind.Revoke => live with
            {
                Invitations = live.Invitations.RemoveAll(i => i.Id == action.Invitation!.Id),
            },
            ActionKind.Remove => live with
            {
                Members = live.Members.RemoveAll(m => m.MembershipId == action.Member!.MembershipId),
            },
            _ => live,
        };
}
