using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.GoRules;

/// <summary>
/// Shares between the projects of a connection the organisation's users and invitations, so that many projects need one
/// listing. A list is used once for each project: a project that asks again starts another run, or confirms what it
/// wrote, and needs a new list.
/// </summary>
internal sealed class GoRulesOrganisation(GoRulesApi api, TimeProvider clock)
{
    // Longer than a run, and shorter than any sensible resendAfter.
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

    // A token that may not invite one person may not invite others, so the vendor is asked once in each run.
    private ProviderException? _denied;

    /// <summary>The people who have not accepted the invitation to the organisation yet.</summary>
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
    /// Finds the users that actions are about, in the same order. Unknown people are invited to the organisation, one
    /// call after the other, so that a person whom two projects invite gets one mail.
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
    /// Sends the invitation to the organisation again: one mail for each person in a run, however many projects ask for
    /// it.
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
            // The answer was lost, or an address was refused because it exists already. New lists show who was invited,
            // so that nobody is invited twice.
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

    // The filter repeats the query in case the server ignores it.
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
