using Reconciler.Core.Membership;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Status.Updating;

namespace Reconciler.Operator.Reconciling;

/// <summary>
/// Carries out beside reconciles what was decided for all memberships: statuses of those that are stalled or wait,
/// ledgers that move, finalizers that go or are set again. It starts everything and waits for nothing.
/// </summary>
/// <param name="memberships">The evaluations.</param>
/// <param name="store">The statuses.</param>
/// <param name="schedule">Says which projects are being reconciled.</param>
/// <param name="changes">Gets memberships to be evaluated again.</param>
/// <param name="statuses">Writes statuses.</param>
/// <param name="finalizers">Removes finalizers.</param>
/// <param name="guard">Sets lost finalizers again.</param>
/// <param name="transfers">Moves ledgers.</param>
internal sealed class DecisionRunner(
    DesiredMemberships memberships,
    StatusStore store,
    Schedule schedule,
    ChangeQueue changes,
    StatusWorker statuses,
    Finalizers finalizers,
    FinalizerGuard guard,
    OwnershipTransfer transfers
)
{
    /// <summary>How long a membership that could not be handled waits.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>Carries out a decision.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="stopping">Ends waiting for another evaluation.</param>
    public void Run(OwnershipDecision decision, CancellationToken stopping)
    {
        foreach (var membership in memberships.All.Where(m => m.IsInFlight))
            EvaluateLater(membership)();
        foreach (var (membership, why) in decision.Stalled)
            statuses.Stall(membership, why, EvaluateLater(membership));
        foreach (var (membership, message) in decision.Waiting)
        {
            if (message is not null)
                statuses.Wait(membership, message, EvaluateLater(membership));
            EvaluateLater(membership)();
        }

        // A project that is being reconciled is left alone: the end of that asks for another evaluation.
        foreach (var transfer in decision.Transfers.Where(t => !IsRunning(t.Project)))
            transfers.Start(transfer, EvaluateLater(transfer.To));
        foreach (var (membership, project) in decision.TakenOver.Where(t => !IsRunning(t.Project)))
            transfers.Forget(membership, project);
        foreach (var membership in decision.Finalized.Where(m => !IsBusy(m, decision)))
            finalizers.Finalize(membership, decision, EvaluateLater(membership), () => Forget(membership));
        foreach (var membership in memberships.All.Where(m => !m.IsForeign))
            guard.Restore(membership, EvaluateLater(membership));

        Action EvaluateLater(DesiredMembership membership) =>
            () => changes.EnqueueAfter(membership.Tracked.Key, Retry, stopping);
    }

    private bool IsRunning(ProjectKey project) =>
        schedule.Entries.TryGetValue(project, out var entry) && entry.IsRunning;

    private bool IsBusy(DesiredMembership membership, OwnershipDecision decision) =>
        membership.Tracked.Status.Entries.Any(e =>
            IsRunning(e.Project) && !decision.IsTakenOver(membership, e.Project)
        );

    private void Forget(DesiredMembership gone) => changes.PostAlways(() => memberships.Forget(gone, store));
}
