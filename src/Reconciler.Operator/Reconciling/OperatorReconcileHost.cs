using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Queue;

namespace Reconciler.Operator.Reconciling;

/// <summary>Reconciles projects of memberships, with their statuses as the ledger.</summary>
/// <param name="desired">Says which membership a project belongs to.</param>
/// <param name="reconciler">Reconciles beside the loop.</param>
/// <param name="changes">Gets memberships to be evaluated again.</param>
/// <param name="approvals">What may be released.</param>
/// <param name="providers">Writes the statuses of AccessProviders.</param>
/// <param name="metrics">Counts reconciles.</param>
/// <param name="schedule">When each project is due.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="logger">Where bugs are logged.</param>
/// <param name="clock">The time.</param>
internal sealed class OperatorReconcileHost(
    OperatorDesiredState desired,
    MembershipReconciler reconciler,
    ChangeQueue changes,
    ClusterApprovals approvals,
    ProviderRefresher providers,
    OperatorMetrics metrics,
    Schedule schedule,
    StatusSnapshotBuilder snapshots,
    ILogger logger,
    TimeProvider clock
) : IReconcileHost
{
    /// <inheritdoc/>
    public IAccountReconcile Begin(IReadOnlyList<Schedule.Entry> entries) =>
        new Reconcile(this, [.. entries.Select(e => new ScheduledProject(e, desired.OwnerOf(e.Project.Key)))]);

    /// <inheritdoc/>
    /// <remarks>Another leader would meet the same bug, so this one continues with everything else.</remarks>
    public bool Survives(Exception unforeseen)
    {
        OperatorLog.Unforeseen(logger, $"{unforeseen.GetType().Name}: {unforeseen.Message}");
        return true;
    }

    private ReconcileResult Complete(
        ScheduledProject project,
        ProjectReconcile? reconcile,
        bool isUnwritten,
        TimeSpan took
    )
    {
        if (reconcile is not null)
        {
            metrics.ReconcileEnded(reconcile, took);
            approvals.ReconcileEnded(reconcile);
        }

        EvaluateAgain(project, reconcile);
        var result =
            reconcile is null ? ReconcileResult.Skipped
            // A status that could not be written counts as a failure, so it is tried again with a backoff.
            : isUnwritten ? new(HasFailed: true) { Remembered = reconcile.Remembered }
            : reconcile.ScheduleResult;
        return reconcile is null || reconcile.IsInterrupted
            ? result with
            {
                RequeueAfter = reconcile is null ? WaitOfSkipped(project) : DecisionRunner.Retry,
            }
            : result;
    }

    // A change that came meanwhile is evaluated first, and then nothing is left to wait for.
    private TimeSpan WaitOfSkipped(ScheduledProject project) =>
        !changes.IsSettled(project.Membership.Tracked.Key) && changes.SettledAt is { } settled
            ? TimeSpan.FromTicks(Math.Max(0, (settled - clock.GetUtcNow()).Ticks))
            : DecisionRunner.Retry;

    private void EvaluateAgain(ScheduledProject project, ProjectReconcile? reconcile)
    {
        var (entry, membership) = (project.Entry, project.Membership);
        var isRevoked = entry.Project.IsDeleted && reconcile?.Remembered is { Ledger: null };
        if (entry.IsGone || isRevoked || MayRevokeFormer(membership, reconcile))
            changes.Enqueue(membership.Tracked.Key);
        // The status of the present project also tells how the former one stands, so it is written again.
        if (
            entry.Project.IsDeleted
            && !membership.Resource.IsBeingDeleted
            && membership.Project is { } declared
            && reconcile?.State == ProjectState.Converged
        )
            schedule.Expedite(declared.Key, clock.GetUtcNow());
    }

    // People of former projects may be removed as soon as the present one was applied.
    private static bool MayRevokeFormer(DesiredMembership membership, ProjectReconcile? reconcile) =>
        reconcile is { Error: null }
        && membership is { Project.DeletionPolicy: DeletionPolicy.Revoke, Revoked.IsEmpty: true }
        && membership.Tracked.Status.Entries.Length > 1;

    private void Publish(IEnumerable<string> namespaces)
    {
        snapshots.Publish(schedule.All);
        providers.Refresh(namespaces.ToHashSet(StringComparer.Ordinal));
    }

    private sealed class Reconcile(OperatorReconcileHost host, ImmutableArray<ScheduledProject> projects)
        : IAccountReconcile
    {
        private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
        private MembershipReconcile? _outcome;

        public async Task<ImmutableArray<ProjectReconcile>> RunAsync(CancellationToken stopping)
        {
            var outcome = await host.RunAsync(projects, stopping);
            _outcome = outcome;
            return outcome.Projects;
        }

        public ReconcileResult Complete(Schedule.Entry entry, ProjectReconcile? reconcile, TimeSpan took)
        {
            var project = projects.First(p => ReferenceEquals(p.Entry, entry));
            if (reconcile is not null)
                _namespaces.Add(entry.Project.Provider.Namespace);
            var isUnwritten = _outcome?.Unwritten.Contains(project.Membership.Tracked.Key) == true;
            return host.Complete(project, reconcile, isUnwritten, took);
        }

        public void Publish() => host.Publish(_namespaces);
    }

    private Task<MembershipReconcile> RunAsync(ImmutableArray<ScheduledProject> projects, CancellationToken stopping) =>
        reconciler.RunAsync(projects, stopping);
}
