using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Applies the plan of one project: its phases one after the other, then follow-ups for people who accepted an
/// invitation meanwhile, then a second try for actions that lacked a seat.
/// </summary>
internal sealed class ProjectRun
{
    private readonly ActionOutcomes _outcomes;
    private readonly PhaseSender _phases;
    private readonly FollowUp _followUp;
    private readonly SeatRetry _seats;

    /// <summary>Prepares the run, and sends nothing yet.</summary>
    /// <param name="plan">The plan of the project.</param>
    /// <param name="reader">Reads the project.</param>
    /// <param name="writer">Writes to the project.</param>
    /// <param name="account">The account of the project.</param>
    /// <param name="ledger">The ledger of the project.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="onOutcome">Called with the outcome of each action, from any thread.</param>
    /// <param name="cancellation">Stops between actions.</param>
    public ProjectRun(
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
        var refusals = new Refusals(plan, account, ledger);
        var limits = new LimitCheck(plan, ledger);
        _outcomes = new(account, ledger, onOutcome);
        var sender = new BatchSender(plan, writer, account, ledger, refusals, _outcomes, cancellation);
        var confirmer = new WriteConfirmer(plan, reader, sender, ledger, refusals, _outcomes, clock, cancellation);
        _phases = new(plan, limits, sender, confirmer, _outcomes, plan.Project.Provider.MaxConcurrency);
        _followUp = new(plan, ledger, limits, confirmer, _phases, _outcomes, clock);
        _seats = new(account, limits, sender, confirmer, _outcomes);
    }

    /// <summary>Applies actions of the plan.</summary>
    /// <returns>
    /// The outcomes of the actions, in their order, then those of the follow-ups.
    /// </returns>
    public async Task<ImmutableArray<ActionOutcome>> ApplyAsync(ImmutableArray<PlannedAction> actions)
    {
        foreach (var phase in actions.GroupBy(a => a.Phase).OrderBy(g => g.Key))
            await _phases.SendSafeAsync([.. phase]);
        await _followUp.FollowUpAsync();
        await _seats.RetryAsync();
        await _followUp.FollowUpAsync();
        return _outcomes.InOrder(actions);
    }
}
