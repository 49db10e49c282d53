using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>Sends the actions of one phase in parallel batches, and confirms those whose effect is unsure.</summary>
/// <param name="plan">The plan of the project.</param>
/// <param name="limits">Checks the limits again after a grant failed.</param>
/// <param name="sender">Sends one batch.</param>
/// <param name="confirmer">Confirms unsure writes by reading.</param>
/// <param name="outcomes">Records the outcome of each action.</param>
/// <param name="degree">The most batches that are sent at the same time.</param>
internal sealed class PhaseSender(
    ProjectPlan plan,
    LimitCheck limits,
    BatchSender sender,
    WriteConfirmer confirmer,
    ActionOutcomes outcomes,
    int degree
)
{
    /// <summary>Sends actions phase by phase, in the order of the phases.</summary>
    public async Task SendInOrderAsync(IEnumerable<PlannedAction> actions)
    {
        foreach (var phase in actions.GroupBy(a => a.Phase).OrderBy(g => g.Key))
            await SendAsync([.. phase]);
    }

    /// <summary>Sends the actions of one phase, without those that an earlier failure made unsafe.</summary>
    public Task SendSafeAsync(ImmutableArray<PlannedAction> phase) => SendAsync([.. StillSafe(phase)]);

    private async Task SendAsync(ImmutableArray<PlannedAction> going)
    {
        // Reminders leave no trace that can be read back, so each intent is recorded immediately before it is sent.
        // Other actions are verified by reading, so their intents are recorded together.
        if (!await sender.IntendAsync([.. going.Where(a => !a.IsReminder)], going))
            return;
        var batches = Batches.Of(going, plan.Project.Provider.Vendor.Capabilities.InviteBatch);
        var options = new ParallelOptions { MaxDegreeOfParallelism = degree };
        await Parallel.ForEachAsync(
            batches,
            options,
            async (batch, _) => await sender.SendAsync(batch, mayRepeat: true)
        );
        await confirmer.ConfirmAsync();
    }

    // After a failed grant, actions that would now break a limit are skipped, and so are those that take access from
    // the person whose grant failed.
    private IEnumerable<PlannedAction> StillSafe(ImmutableArray<PlannedAction> phase)
    {
        var failed = outcomes.NotDone.ToList();
        if (failed.Count == 0 || phase[0].Phase == Phase.Grant)
            return phase;
        var effective = outcomes.Done.ToList();
        var going = new List<PlannedAction>();
        foreach (var action in phase)
        {
            var hold = limits.FirstHold([.. effective, action]);
            if (failed.Exists(f => f.Person.Equals(action.Person)))
                outcomes.Finish(action, OutcomeKind.Skipped, "not tried: the same person's grant failed");
            else if (hold is not null)
                outcomes.Finish(action, OutcomeKind.Skipped, $"not tried: a grant failed, and now {hold.Message}");
            else
            {
                going.Add(action);
                effective.Add(action);
            }
        }

        return going;
    }
}
