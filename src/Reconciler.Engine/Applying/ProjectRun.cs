using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>Applies the phases of one project's plan and keeps the outcome of each action.</summary>
internal sealed partial class ProjectRun(
    ProjectPlan plan,
    IProjectReader reader,
    IProjectWriter writer,
    AccountRun account,
    LedgerSession ledger,
    TimeProvider clock,
    Action<ActionOutcome> onOutcome,
    CancellationToken cancellation
)
{
    private readonly Refusals _refusals = new(plan, account, ledger);
    private readonly ConcurrentQueue<PlannedAction> _seatless = new();
    private readonly ConcurrentDictionary<PlannedAction, ActionOutcome> _outcomes = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly ConcurrentQueue<Unsettled> _unsettled = new();
    private readonly ConcurrentDictionary<PlannedAction, bool> _revoked = new(ReferenceEqualityComparer.Instance);

    // Set once nothing more frees a seat in this run.
    private volatile bool _lastTry;

    // Set once going on makes no sense: the token is refused, or the vendor wants more patience than a pass has.
    private volatile string? _stopped;

    /// <summary>What became of the plan's actions, in their order, and of those that followed from people who accepted meanwhile.</summary>
    public IEnumerable<ActionOutcome> Outcomes(IEnumerable<PlannedAction> planned) =>
        planned.Concat(_followUps).Select(action => _outcomes[action]);

    public Task ApplyAsync(ImmutableArray<PlannedAction> phase, int degree) =>
        SendAsync(StillSafe(phase).ToImmutableArray(), degree);

    private async Task SendAsync(ImmutableArray<PlannedAction> going, int degree)
    {
        // Nobody sees when a reminder was sent, so that each is intended just before; the others are settled by reading, and may be together.
        if (!await IntendAsync([.. going.Where(a => !a.IsReminder)]))
        {
            Finish(going, OutcomeKind.Skipped, _stopped);
            return;
        }

        var batches = Batches.Of(going, plan.Project.Provider.Vendor.Capabilities.InviteBatch);
        var options = new ParallelOptions { MaxDegreeOfParallelism = degree };
        await Parallel.ForEachAsync(batches, options, async (batch, _) => await SendAsync(batch, mayRepeat: true));
        await SettleAsync();
    }

    /// <summary>
    /// Tries once more what was refused for want of a seat, where this run took somebody out and no limit holds it by now.
    /// </summary>
    public async Task RetrySeatsAsync()
    {
        _lastTry = true;
        if (_seatless.IsEmpty)
            return;
        var isFree = account.Freed > 0;
        if (isFree)
            account.Reopen();
        foreach (var action in _seatless)
        {
            if (!isFree || BreaksLimit(action) || !await IntendAsync([action]))
                Finish(_outcomes[action]);
            else if (_revoked.ContainsKey(action) && MayGoOn(action))
                await InviteAnewAsync(action);
            else
                await SendAsync([action], mayRepeat: true);
        }

        await SettleAsync();
    }

    private bool MayGoOn(PlannedAction action) =>
        !cancellation.IsCancellationRequested
        && _stopped is null
        && account.Stopped is null
        && _refusals.Objection(action) is null;

    private bool BreaksLimit(PlannedAction action)
    {
        var effective = _outcomes
            .Values.Where(o => o.Kind == OutcomeKind.Done)
            .Select(o => o.Action)
            .Append(action)
            .ToList();
        return Judge.Holds(plan.Project, plan.Live, effective, ledger.Memory).Any(h => !IsApproved(h));
    }

    // After a failed grant, what would break a limit now, and what would take from the same person, is left out; the rest goes.
    private IEnumerable<PlannedAction> StillSafe(ImmutableArray<PlannedAction> phase)
    {
        var failed = _outcomes
            .Values.Where(o => o.Kind is not (OutcomeKind.Done or OutcomeKind.Overtaken))
            .Select(o => o.Action)
            .ToList();
        if (failed.Count == 0 || phase[0].Phase == Phase.Grant)
            return phase;
        var effective = _outcomes.Values.Where(o => o.Kind == OutcomeKind.Done).Select(o => o.Action).ToList();
        var going = new List<PlannedAction>();
        foreach (var action in phase)
        {
            var hold = Judge
                .Holds(plan.Project, plan.Live, [.. effective, action], ledger.Memory)
                .FirstOrDefault(h => !IsApproved(h));
            if (failed.Exists(f => f.Person.Equals(action.Person)))
                Finish(action, OutcomeKind.Skipped, "not tried: the same person's grant failed");
            else if (hold is not null)
                Finish(action, OutcomeKind.Skipped, $"not tried: a grant failed, and now {hold.Message}");
            else
            {
                going.Add(action);
                effective.Add(action);
            }
        }

        return going;
    }

    private bool IsApproved(Hold hold) => plan.Release is not null && plan.Holds.Any(hold.IsCoveredBy);

    private async Task SendAsync(ImmutableArray<PlannedAction> batch, bool mayRepeat)
    {
        // What is done stays done, and is told; nothing more is begun once it could not be remembered.
        if (ledger.Trouble is { } trouble)
            _stopped ??= $"not tried: {trouble.Message}";
        _stopped ??= account.Stopped;
        if (cancellation.IsCancellationRequested || _stopped is not null)
        {
            Finish(
                batch,
                _stopped is null ? OutcomeKind.Interrupted : OutcomeKind.Skipped,
                _stopped ?? "not tried: interrupted"
            );
            return;
        }

        if (_refusals.Objection(batch[0]) is { } objection)
        {
            foreach (var action in batch)
                Finish(objection with { Action = action });
            return;
        }

        if (batch[0].IsReminder && !await IntendAsync(batch))
        {
            Finish(batch, OutcomeKind.Skipped, _stopped);
            return;
        }

        var turn = await account.EnterAsync();
        // The probe that this one waited for may have stopped everything.
        if (account.Stopped is not null)
        {
            turn(null);
            await SendAsync(batch, mayRepeat);
            return;
        }

        await WriteAsync(batch, mayRepeat, turn);
    }

    private async Task WriteAsync(
        ImmutableArray<PlannedAction> batch,
        bool mayRepeat,
        Action<ProviderException?> answered
    )
    {
        try
        {
            var result = await writer.ApplyAsync(plan.Project, batch, cancellation);
            answered(null);
            Take(batch, result);
        }
        catch (OperationCanceledException)
        {
            answered(null);
            Finish(batch, OutcomeKind.Interrupted, "not tried: interrupted");
        }
        catch (ProviderException failure)
        {
            answered(failure);
            await FailAsync(batch, failure, mayRepeat);
        }
        catch (Exception unforeseen)
        {
            answered(null);
            await FailAsync(batch, Unforeseen(unforeseen), mayRepeat: false);
        }
    }

    // A fault of ours must not stop the others. Whether something was sent is read, never guessed.
    private static ProviderException Unforeseen(Exception fault) =>
        new(ProviderFault.Ambiguous, $"not foreseen: {fault.GetType().Name}: {fault.Message}", fault);

    private void Take(ImmutableArray<PlannedAction> batch, WriteResult result)
    {
        if (result == WriteResult.Confirmed)
        {
            Finish(batch, OutcomeKind.Done, null);
            return;
        }

        foreach (var action in batch)
            _unsettled.Enqueue(
                new(action, Unconfirmed) { IsAccepted = true, IsHalf = result == WriteResult.OnlyRevoked }
            );
    }

    // A write that cannot be remembered is not sent.
    private async Task<bool> IntendAsync(ImmutableArray<PlannedAction> batch)
    {
        try
        {
            await ledger.IntendAsync(batch);
            return true;
        }
        catch (Exception refusal) when (refusal is LedgerException or LedgerConflictException)
        {
            _stopped ??= $"not tried: {refusal.Message}";
            return false;
        }
    }

    private async Task FailAsync(ImmutableArray<PlannedAction> batch, ProviderException failure, bool mayRepeat)
    {
        if (failure.Fault == ProviderFault.Ambiguous)
        {
            foreach (var action in batch)
                _refusals.Doubt(action);
            foreach (var action in batch)
                Doubt(action, failure, mayRepeat && action.Kind is ActionKind.Invite or ActionKind.Replace);
            return;
        }

        if (failure.IsSettledByReading)
        {
            foreach (var action in batch)
                _unsettled.Enqueue(
                    new(action, failure.Message) { Refusal = failure, IsHalf = action.Kind == ActionKind.Replace }
                );
            return;
        }

        // One bad address must fail alone, one that only a human can invite holds nobody back, and what seats are left are used.
        if (batch.Length > 1 && failure.Fault is ProviderFault.Refused or ProviderFault.Manual or ProviderFault.NoSeat)
        {
            foreach (var action in batch)
                await SendAsync([action], mayRepeat);
            return;
        }

        if (batch is [var one] && Refusals.NeedsReading(one, failure))
        {
            _unsettled.Enqueue(new(one, failure.Message) { Refusal = failure });
            return;
        }

        if (failure.Fault is ProviderFault.Unauthorized or ProviderFault.RateLimited)
            _stopped ??= $"not tried: {failure.Message}";
        foreach (var action in batch)
            Finish(_refusals.Learn(action, failure));
    }

    // Nobody shows when a mail was sent: a resend counts as sent, so that it is never sent twice.
    private void Doubt(PlannedAction action, ProviderException failure, bool mayRepeat)
    {
        if (action.Kind == ActionKind.Resend)
            Finish(action, OutcomeKind.Done, failure.Message);
        else
            _unsettled.Enqueue(
                new(action, failure.Message)
                {
                    MayRepeat = mayRepeat,
                    IsHalf = mayRepeat && action.Kind == ActionKind.Replace,
                }
            );
    }

    private void Finish(ImmutableArray<PlannedAction> batch, OutcomeKind kind, string? message)
    {
        foreach (var action in batch)
            Finish(action, kind, message);
    }

    private void Finish(PlannedAction action, OutcomeKind kind, string? message) => Finish(new(action, kind, message));

    private void Finish(ActionOutcome told)
    {
        if (told is { Action.Kind: ActionKind.Replace, IsPartlyDone: true, LacksSeat: true })
            _revoked[told.Action] = true;
        // Whatever the second try said: once the old invitation is gone and no new one came, the next pass must invite.
        var isWhole =
            told.Kind is OutcomeKind.Done or OutcomeKind.Overtaken || told.IsOpen || !_revoked.ContainsKey(told.Action);
        var outcome = isWhole ? told : told with { IsPartlyDone = true };
        _outcomes[outcome.Action] = outcome;
        if (outcome.LacksSeat && !_lastTry)
        {
            _seatless.Enqueue(outcome.Action);
            return;
        }

        if (outcome is { Kind: OutcomeKind.Done, Action.Kind: ActionKind.Remove or ActionKind.Revoke })
            account.Free();
        ledger.Note(outcome);
        onOutcome(outcome);
    }

    /// <summary>An action that reading must settle.</summary>
    /// <param name="Action">The action.</param>
    /// <param name="Message">Why it is open; what is told where reading shows nothing of it.</param>
    private sealed record Unsettled(PlannedAction Action, string Message)
    {
        /// <summary>Whether the vendor said yes.</summary>
        public bool IsAccepted { get; init; }

        /// <summary>What the vendor answered instead of yes; null where it said yes, or nothing.</summary>
        public ProviderException? Refusal { get; init; }

        /// <summary>Whether the vendor said no: then waiting shows nothing new.</summary>
        public bool IsRefused =>
            (Refusal is { Fault: ProviderFault.Refused } && !IsHalf) || Action.Kind == ActionKind.Resend;

        /// <summary>Whether it may be sent once more where reading shows nothing of it.</summary>
        public bool MayRepeat { get; init; }

        /// <summary>Whether the old invitation may be gone without a new one: then the new one is sent where the person did not accept.</summary>
        public bool IsHalf { get; init; }
    }
}

/// <summary>Gathers actions that one call can carry: invitations with the same access, as many as the vendor takes.</summary>
internal static class Batches
{
    public static IEnumerable<ImmutableArray<PlannedAction>> Of(IEnumerable<PlannedAction> actions, int size)
    {
        if (size <= 1)
            return actions.Select(a => ImmutableArray.Create(a));
        return actions
            .GroupBy(a => a.Kind == ActionKind.Invite ? (object)(a.Access!.Grants, a.Message) : a)
            .SelectMany(g => g.Chunk(size).Select(c => c.ToImmutableArray()));
    }
}
