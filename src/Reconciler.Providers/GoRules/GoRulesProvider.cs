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
        return new(reader, () => new GoRulesWriter(api, organisation, reader), http);
    }
}

/// <summary>
/// Reads a project's members, and which of the declared people have yet to accept the invitation to the organisation.
/// What was read last of each project is kept for the writes that follow.
/// </summary>
internal sealed class GoRulesReader(GoRulesApi api, GoRulesOrganisation organisation) : IProjectReader
{
    private readonly ConcurrentDictionary<string, GoRulesProject> _read = new(StringComparer.Ordinal);

    /// <summary>
    /// The invitations first, the members after them: somebody who accepts in between waits for one pass more; the
    /// other way round they would be on neither list.
    /// </summary>
    public async Task<LiveProject> ReadAsync(DesiredProject project, CancellationToken cancellation)
    {
        api.Check(project.ProjectId);
        var pending = await organisation.PendingAsync(project.ProjectId, cancellation);
        var read = await ReadAsync(project, withGroups: false, cancellation);
        read.Check(project);

        // Without groups of one's own and without owning the project nothing is left of a membership: no call ends it.
        var seats = read
            .Members.Where(m => !GoRulesMapping.ToAccess(m).IsNone)
            .ToLookup(m => pending.Of(m.User) is not null);
        var absent = project
            .Members.Where(m => read.Seat(m.Person) is null)
            .ToLookup(m => pending.Of(m.Person) is not null);
        ImmutableArray<string> keys = [.. absent[false].SelectMany(m => GoRulesMapping.Keys(m.Person))];
        var addable = await KnownAsync(keys, machines: false, cancellation);
        // Machine accounts are asked about only where somebody is nobody else: they would get a mail that no human
        // reads.
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

    /// <summary>A project as it was last read, with the ids of the groups that are asked for.</summary>
    public async Task<GoRulesProject> KnowingAsync(
        DesiredProject project,
        DesiredAccess? access,
        CancellationToken cancellation
    ) =>
        _read.TryGetValue(project.ProjectId, out var read) && read.Knows(access)
            ? read
            : await ReadAsync(project, withGroups: true, cancellation);

    // The groups are listed where somebody is declared to be in one and is not yet; the ids of all others stand in the
    // members.
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
            // Somebody who waits in the project has a membership like any other, before and after accepting; one that
            // waits outside of it is never revoked or replaced.
            ActionKind.Revoke => Withdrawal.SendAsync(
                ChangeAsync(project, action.Invitation!.Id, action, cancellation)
            ),
            ActionKind.Replace => ChangeAsync(project, action.Invitation!.Id, action, cancellation),
            ActionKind.Resend => organisation.ResendAsync(action, cancellation),
            _ => throw new UnreachableException($"{action.Kind} is no action"),
        };
    }

    // Somebody whose membership was left without access gets it back there; all others are added in one call.
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
                var patience = isBegun ? CancellationToken.None : cancellation;
                if (await ChangeAsync(project, known.Seat(action.Person)!.Id, action, patience) is WriteResult.ReadBack)
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
        // Not cancelled once a mail is out: the person would be in the organisation for nothing.
        var patience = users.Any(u => u.IsWaiting) ? CancellationToken.None : cancellation;
        try
        {
            var answer = (
                await api.AddMembersAsync(project.ProjectId, new([.. users.Select(u => u.Id)], groups, owner), patience)
            ).ToLookup(member => member.User.Id, StringComparer.Ordinal);
            var isShown = users
                .Zip(actions)
                .All(pair => GoRulesMapping.Shows(answer[pair.First.Id].FirstOrDefault(), pair.Second));
            return isShown ? WriteResult.Confirmed : WriteResult.ReadBack;
        }
        catch (ProviderException refusal)
            when (refusal.Fault is ProviderFault.Refused or ProviderFault.NotFound && users.Any(u => u.IsWaiting))
        {
            // Whether a project takes somebody who has yet to accept is not documented. Where it does not, their
            // invitation to the organisation waits, which reading shows, and they are added by the pass after they
            // accept.
            var ready = users.Where(u => !u.IsWaiting).Select(u => u.Id).ToList();
            if (ready.Count > 0)
                await api.AddMembersAsync(project.ProjectId, new(ready, groups, owner), patience);
            return WriteResult.ReadBack;
        }
    }

    // The document does not say whether PUT replaces the groups or adds to them: the answer is compared.
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

/// <summary>
/// What all projects of a connection share: the organisation's users, and who was invited to it. A list serves each
/// project once: a project that is read again begins another pass, or settles what it wrote, and wants a fresh one. So
/// many projects cost one listing.
/// </summary>
internal sealed class GoRulesOrganisation(GoRulesApi api, TimeProvider clock)
{
    // Longer than a pass, and shorter than anybody would set resendAfter.
    private static readonly TimeSpan MailPause = TimeSpan.FromHours(1);

    private readonly SharedRead<GoRulesPending> _pending = new(token => ReadPendingAsync(api, token));
    private readonly SharedRead<ILookup<string, string>> _users = new(token =>
        ReadUsersAsync(api, machines: false, token)
    );
    private readonly SharedRead<ILookup<string, string>> _machines = new(token =>
        ReadUsersAsync(api, machines: true, token)
    );
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long At, Task Sending)> _mails = new(StringComparer.Ordinal);
    private readonly HashSet<string> _served = new(StringComparer.Ordinal);
    private Task _turn = Task.CompletedTask;

    // What the token may not do it may not do for the next person either: asked once a pass.
    private ProviderException? _denied;

    /// <summary>Who has yet to accept the invitation to the organisation.</summary>
    public Task<GoRulesPending> PendingAsync(string project, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_served.Add(project))
            {
                _served.Clear();
                _served.Add(project);
                _denied = null;
                ForgetLists();
            }
        }

        return _pending.GetAsync(cancellation);
    }

    /// <summary>The organisation's users, or its machine accounts, by the keys of their addresses and ids.</summary>
    public Task<ILookup<string, string>> UsersAsync(bool machines, CancellationToken cancellation) =>
        (machines ? _machines : _users).GetAsync(cancellation);

    /// <summary>
    /// The users of actions, in their order. Whoever is unknown is invited to the organisation, one call after the
    /// other, so that somebody whom two projects invite gets one mail.
    /// </summary>
    public Task<ImmutableArray<GoRulesPerson>> FindOrInviteAsync(
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        lock (_lock)
        {
            var mine = InTurnAsync(_turn, actions, cancellation);
            _turn = mine;
            return mine;
        }
    }

    /// <summary>
    /// Sends the invitation to the organisation again: one mail a person, however many projects ask for it in a pass.
    /// </summary>
    public async Task<WriteResult> ResendAsync(PlannedAction action, CancellationToken cancellation)
    {
        var id =
            action.Invitation!.PersonId
            ?? throw new ProviderException(
                ProviderFault.BadAnswer,
                $"GET /api/invitations names no user for {action.Email}, so no mail can be sent again"
            );
        Task sending;
        lock (_lock)
        {
            var isSent =
                _mails.TryGetValue(id, out var last)
                && clock.GetElapsedTime(last.At) < MailPause
                && !IsSurelyUnsent(last.Sending);
            if (!isSent)
                _mails[id] = last = (clock.GetTimestamp(), api.ResendInvitationAsync(id, action.Email, cancellation));
            sending = last.Sending;
        }

        await sending;
        return WriteResult.Confirmed;
    }

    private async Task<ImmutableArray<GoRulesPerson>> InTurnAsync(
        Task before,
        IReadOnlyList<PlannedAction> actions,
        CancellationToken cancellation
    )
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        var found = await FindAsync(actions, cancellation);
        var unknown = actions.Where((_, i) => found[i] is null).ToList();
        if (unknown.Count > 0)
        {
            await InviteAsync(unknown, cancellation);
            found = await FindAsync(actions, CancellationToken.None);
        }

        if (found.Contains(null))
            found = await FindAfreshAsync(actions);
        var lost = actions.Where((_, i) => found[i] is null).Select(a => a.Email).ToList();
        return lost.Count == 0
            ? [.. found.Select(f => f!)]
            : throw new ProviderException(
                ProviderFault.BadAnswer,
                "POST /api/users took the invitation, and neither its answer nor the lists of the "
                    + $"organisation show {string.Join(", ", lost)}"
            );
    }

    private async Task InviteAsync(List<PlannedAction> unknown, CancellationToken cancellation)
    {
        try
        {
            if (_denied is { } denied)
                throw GoRulesApi.Denied(unknown.ConvertAll(a => a.Email), denied);
            var invitations = await api.InviteUsersAsync(unknown.ConvertAll(a => a.Email), cancellation);
            var pending = await _pending.GetAsync(CancellationToken.None);
            foreach (var invitation in invitations)
                pending.Add(invitation);
        }
        catch (ProviderException denial) when (denial.Fault is ProviderFault.Manual && _denied is null)
        {
            _denied = denial.InnerException as ProviderException;
            throw;
        }
        catch (ProviderException doubt) when (doubt.Fault is ProviderFault.Ambiguous or ProviderFault.Refused)
        {
            // The answer was lost, or somebody was refused for being there already: the lists tell, and nobody is
            // invited twice.
            var found = await FindAfreshAsync(unknown);
            var left = unknown.Where((_, i) => found[i] is null).ToList();
            if (left.Count == 0)
                return;
            if (left.Count == unknown.Count || doubt.Fault is ProviderFault.Ambiguous)
                throw;
            await InviteAsync(left, CancellationToken.None);
        }
    }

    private static bool IsSurelyUnsent(Task sending) =>
        sending.IsCanceled
        || sending.Exception?.InnerException is ProviderException { Fault: not ProviderFault.Ambiguous };

    private Task<GoRulesPerson?[]> FindAfreshAsync(IReadOnlyList<PlannedAction> actions)
    {
        ForgetLists();
        return FindAsync(actions, CancellationToken.None);
    }

    private async Task<GoRulesPerson?[]> FindAsync(IReadOnlyList<PlannedAction> actions, CancellationToken cancellation)
    {
        var (users, pending) = (await UsersAsync(machines: false, cancellation), await _pending.GetAsync(cancellation));
        return [.. actions.Select(action => GoRulesMapping.ToPerson(action, users, pending))];
    }

    private void ForgetLists()
    {
        _pending.Forget();
        _users.Forget();
        _machines.Forget();
    }

    // A server that ignores the question is not believed.
    private static async Task<ILookup<string, string>> ReadUsersAsync(
        GoRulesApi api,
        bool machines,
        CancellationToken cancellation
    ) =>
        (await api.ListUsersAsync(machines, cancellation))
            .Where(u => u.IsService == machines)
            .SelectMany(GoRulesMapping.Keys)
            .ToLookup(k => k.Key, k => k.Id, StringComparer.Ordinal);

    private static async Task<GoRulesPending> ReadPendingAsync(GoRulesApi api, CancellationToken cancellation) =>
        GoRulesPending.Of(await api.ListPendingInvitationsAsync(cancellation));
}
