using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Records the outcome of each action of one project: in the ledger, for the caller, and for the actions that come
/// after it.
/// </summary>
/// <param name="account">The account of the project, which counts the seats that removals free.</param>
/// <param name="ledger">The ledger of the project.</param>
/// <param name="onOutcome">Called with each final outcome, from any thread.</param>
internal sealed class ActionOutcomes(AccountRun account, LedgerSession ledger, Action<ActionOutcome> onOutcome)
{
    private readonly ConcurrentDictionary<PlannedAction, ActionOutcome> _outcomes = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly ConcurrentQueue<PlannedAction> _withoutSeat = new();
    private readonly ConcurrentDictionary<PlannedAction, bool> _revoked = new(ReferenceEqualityComparer.Instance);
    private readonly List<PlannedAction> _followUps = [];
    private volatile bool _isLastTry;

    /// <summary>The actions that are done.</summary>
    public IEnumerable<PlannedAction> Done =>
        _outcomes.Values.Where(o => o.Kind == OutcomeKind.Done).Select(o => o.Action);

    /// <summary>The actions that have an outcome other than done or overtaken.</summary>
    public IEnumerable<PlannedAction> NotDone =>
        _outcomes.Values.Where(o => o.Kind is not (OutcomeKind.Done or OutcomeKind.Overtaken)).Select(o => o.Action);

    /// <summary>The actions that wait for a free seat, in the order in which they were refused.</summary>
    public IReadOnlyCollection<PlannedAction> WithoutSeat => _withoutSeat;

    /// <summary>The outcome of an action.</summary>
    /// <exception cref="KeyNotFoundException">The action has no outcome yet.</exception>
    public ActionOutcome Of(PlannedAction action) => _outcomes[action];

    /// <summary>The outcomes of the planned actions, in their order, then those of the follow-ups.</summary>
    public ImmutableArray<ActionOutcome> InOrder(IEnumerable<PlannedAction> planned) =>
        [.. planned.Concat(_followUps).Select(Of)];

    /// <summary>Adds actions that were planned during the run, for people who accepted an invitation.</summary>
    public void AddFollowUps(IEnumerable<PlannedAction> actions) => _followUps.AddRange(actions);

    /// <summary>Whether an action was planned during the run.</summary>
    public bool IsFollowUp(PlannedAction action) => _followUps.Exists(f => ReferenceEquals(f, action));

    /// <summary>Marks the old invitation of a replacement as revoked.</summary>
    public void MarkRevoked(PlannedAction action) => _revoked[action] = true;

    /// <summary>Whether the old invitation of a replacement is known to be revoked.</summary>
    public bool IsRevoked(PlannedAction action) => _revoked.ContainsKey(action);

    /// <summary>
    /// Declares that no more seats become free, so that a missing seat is a final outcome from now on.
    /// </summary>
    public void BeginLastTry() => _isLastTry = true;

    /// <summary>Records the same outcome for several actions.</summary>
    public void Finish(IEnumerable<PlannedAction> actions, OutcomeKind kind, string? message)
    {
        foreach (var action in actions)
            Finish(action, kind, message);
    }

    /// <summary>Records the outcome of an action.</summary>
    public void Finish(PlannedAction action, OutcomeKind kind, string? message) => Finish(new(action, kind, message));

    /// <summary>
    /// Records an outcome. An action that lacks a seat waits for the last try and is not reported yet.
    /// </summary>
    public void Finish(ActionOutcome reported)
    {
        if (reported is { Action.Kind: ActionKind.Replace, IsPartlyDone: true, LacksSeat: true })
            MarkRevoked(reported.Action);
        // Once the old invitation is gone without a new one, the next run must invite, whatever a second try returned.
        var isWhole =
            reported.Kind is OutcomeKind.Done or OutcomeKind.Overtaken
            || reported.IsOpen
            || !IsRevoked(reported.Action);
        var outcome = isWhole ? reported : reported with { IsPartlyDone = true };
        _outcomes[outcome.Action] = outcome;
        if (outcome.LacksSeat && !_isLastTry)
        {
            _withoutSeat.Enqueue(outcome.Action);
            return;
        }

        if (outcome is { Kind: OutcomeKind.Done, Action.Kind: ActionKind.Remove or ActionKind.Revoke })
            account.Free();
        ledger.Note(outcome);
        onOutcome(outcome);
    }
}
