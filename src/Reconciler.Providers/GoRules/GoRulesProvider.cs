using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.GoRules;

/// <summary>Connects to GoRules. Reader and writer are two objects, so that a reader cannot be made to write.</summary>
internal static class GoRulesProvider
{
    public static ProviderConnection Connect(ConnectionSettings settings)
    {
        var http = new VendorHttp(settings, TokenHeader.Bearer);
        var api = new GoRulesApi(http);
        var organisation = new GoRulesOrganisation(api, settings.Clock);
        var reader = new GoRulesReader(api, organisation);
        return new(reader, () => new GoRulesWriter(api, organisation, reader), http)
        {
            Meanings = new GoRulesMeanings(api),
        };
    }
}

/// <summary>Tells what the groups of a project permit.</summary>
internal sealed class GoRulesMeanings(GoRulesApi api) : IAccessMeanings
{
    public async Task<ImmutableArray<GrantMeaning>> ReadAsync(string projectId, CancellationToken cancellation) =>
        [.. (await api.ListGroupsAsync(projectId, cancellation)).Select(GoRulesMapping.ToMeaning)];
}

/// <summary>
/// Reads a project's members, and finds the declared people who have not accepted the invitation to the organisation
/// yet. The last reading of each project is kept for the writes that follow.
/// </summary>
internal sealed class GoRulesReader(GoRulesApi api, GoRulesOrganisation organisation) : IProjectReader
{
    private readonly ConcurrentDictionary<string, GoRulesProject> _read = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads the invitations first and then the members. A person who accepts in between counts as pending until the
    /// next run; in the other order they would be on neither list.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        api.Check(project.ProjectId);
        var pending = await organisation.PendingAsync(project.ProjectId, cancellation);
        var read = await ReadAsync(project, withGroups: false, cancellation);
        read.Check(project);

        // A membership without groups of its own and without ownership is treated as removed, since no call deletes it.
        var seats = read
            .Members.Where(m => !GoRulesMapping.ToAccess(m).IsNone)
            .ToLookup(m => pending.Of(m.User) is not null);
        var absent = project
            .Members.Where(m => read.Seat(m.Person) is null)
            .ToLookup(m => pending.Of(m.Person) is not null);
        ImmutableArray<string> keys = [.. absent[false].SelectMany(m => GoRulesMapping.Keys(m.Person))];
        var addable = await KnownAsync(keys, machines: false, cancellation);
        // Machine accounts are listed only where a declared person is no other user. They must not be invited, since no
        // human reads their mail.
        var isEverybodyKnown = absent[false].All(m => GoRulesMapping.Keys(m.Person).Any(addable.Contains));
        return new(
            [.. seats[false].Select(GoRulesMapping.ToMember)],
            [
                .. seats[true].Select(m => GoRulesMapping.ToInvitation(m, pending.Of(m.User)!)),
                .. absent[true].Select(m => GoRulesMapping.ToInvitation(m, pending.Of(m.Person)!)),
            ]
        )
        {
            Addable = addable,
            Machines = isEverybodyKnown ? [] : await KnownAsync(keys, machines: true, cancellation),
        };
    }

    /// <summary>The project as it was last read, with the ids of the groups in an access.</summary>
    public async Task<GoRulesProject> KnowingAsync(
        DesiredProject project,
        DesiredAccess? access,
        CancellationToken cancellation
    ) =>
        _read.TryGetValue(project.ProjectId, out var read) && read.Knows(access)
            ? read
            : await ReadAsync(project, withGroups: true, cancellation);

    // Groups are listed only where a person is declared in a group that they are not in yet; the members contain the
    // ids of all other groups.
    private async Task<GoRulesProject> ReadAsync(
        DesiredProject project,
        bool withGroups,
        CancellationToken cancellation
    )
    {
        var members = await api.ListMembersAsync(project.ProjectId, cancellation);
        var read = new GoRulesProject(members, []);
        if (withGroups || project.Members.Any(read.LacksGroups))
            read = new(members, await api.ListGroupsAsync(project.ProjectId, cancellation));
        return _read[project.ProjectId] = read;
    }

    private async Task<ImmutableHashSet<string>> KnownAsync(
        ImmutableArray<string> keys,
        bool machines,
        CancellationToken cancellation
    ) => keys.IsEmpty ? [] : [.. keys.Where((await organisation.UsersAsync(machines, cancellation)).Contains)];
}

/// <summary>Writes to a project.</summary>
internal sealed class GoRulesWriter(GoRulesApi api, GoRulesOrganisation organisation, GoRulesReader reader)
    : IProjectWriter
{
    public Task<WriteResult> ApplyAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var action = actions[0];
        return action.Kind switch
        {
            ActionKind.Invite => InviteAsync(project, actions, cancellation),
            ActionKind.Update => ChangeAsync(project, action.Member!.MembershipId, action, cancellation),
            ActionKind.Remove => Withdrawal.SendAsync(
                ChangeAsync(project, action.Member!.MembershipId, action, cancellation)
            ),
            // A pending person in the project has a membership like any other. A pending person outside of it is never
            // revoked or replaced.
            ActionKind.Revoke => Withdrawal.SendAsync(
                ChangeAsync(project, action.Invitation!.Id, action, cancellation)
            ),
            ActionKind.Replace => ChangeAsync(project, action.Invitation!.Id, action, cancellation),
            ActionKind.Resend => organisation.ResendAsync(action, cancellation),
            _ => throw new UnreachableException($"{action.Kind} is no action"),
        };
    }

    // A person whose membership was left without access gets it back by an update; all others are added in one call.
    private async Task<WriteResult> InviteAsync(
        DesiredProject project,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var known = await reader.KnowingAsync(project, actions[0].Access, cancellation);
        var seated = actions.ToLookup(a => known.Seat(a.Person) is not null);
        var isBegun = seated[false].Any();
        var result = isBegun ? await AddAsync(project, known, [.. seated[false]], cancellation) : WriteResult.Confirmed;
        foreach (var action in seated[true])
        {
            try
            {
                var unlessBegun = isBegun ? CancellationToken.None : cancellation;
                if (
                    await ChangeAsync(project, known.Seat(action.Person)!.Id, action, unlessBegun)
                    is WriteResult.ReadBack
                )
                    result = WriteResult.ReadBack;
                isBegun = true;
            }
            catch (ProviderException failure) when (isBegun)
            {
                throw new ProviderException(
                    ProviderFault.Ambiguous,
                    $"{failure.Message}; others of the same batch are done",
                    failure
                );
            }
        }

        return result;
    }

    private async Task<WriteResult> AddAsync(
        DesiredProject project,
        GoRulesProject known,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        var (groups, owner) = (known.GroupIds(actions[0].Access), GoRulesMapping.Owns(actions[0].Access));
        var users = await organisation.FindOrInviteAsync(actions, cancellation);
        // Not cancelled once a mail was sent, since the person would be in the organisation without the project.
        var unlessInvited = users.Any(u => u.IsWaiting) ? CancellationToken.None : cancellation;
        try
        {
            var answer = (
                await api.AddMembersAsync(
                    project.ProjectId,
                    new([.. users.Select(u => u.Id)], groups, owner),
                    unlessInvited
                )
            ).ToLookup(member => member.User.Id, StringComparer.Ordinal);
            var isShown = users
                .Zip(actions)
                .All(pair => GoRulesMapping.Shows(answer[pair.First.Id].FirstOrDefault(), pair.Second));
            return isShown ? WriteResult.Confirmed : WriteResult.ReadBack;
        }
        catch (ProviderException refusal)
            when (refusal.Fault is ProviderFault.Refused or ProviderFault.NotFound && users.Any(u => u.IsWaiting))
        {
            // The document does not say whether a pending person can be added to a project. Where not, the invitation
            // to the organisation stays pending, which a reading shows, and the person is added by the run after they
            // accept.
            var ready = users.Where(u => !u.IsWaiting).Select(u => u.Id).ToList();
            if (ready.Count > 0)
                await api.AddMembersAsync(project.ProjectId, new(ready, groups, owner), unlessInvited);
            return WriteResult.ReadBack;
        }
        catch (ProviderException unsent) when (unsent.Fault is ProviderFault.Unavailable && users.Any(u => u.IsWaiting))
        {
            // The mail is out, although nobody was added to the project: as above, a reading shows the person as
            // invited.
            return WriteResult.ReadBack;
        }
    }

    // The document does not say whether PUT replaces the groups or adds to them, so the answer is compared.
    private async Task<WriteResult> ChangeAsync(
        DesiredProject project,
        string memberId,
        PlannedAction action,
        CancellationToken cancellation
    )
    {
        var known = await reader.KnowingAsync(project, action.Access, cancellation);
        var answer = await api.UpdateMemberAsync(
            project.ProjectId,
            memberId,
            known.Change(memberId, action.Access),
            cancellation
        );
        return answer.Id == memberId && GoRulesMapping.Shows(answer, action)
            ? WriteResult.Confirmed
            : WriteResult.ReadBack;
    }
}
