using System.Collections.Immutable;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;

namespace Reconciler.Worker;

/// <summary>
/// Builds the newest <see cref="WorkerStatus"/>: the reconciles with their plans, the source and the approvals.
/// </summary>
/// <param name="origin">Where the manifests are; no credentials.</param>
/// <param name="clock">The time.</param>
public sealed class WorkerSnapshotBuilder(string origin, TimeProvider clock)
    : StatusSnapshotBuilder(new WorkerStatus(clock.GetUtcNow(), new(origin)), keepsPlans: true, clock)
{
    /// <summary>The newest snapshot.</summary>
    internal new WorkerStatus Status => (WorkerStatus)base.Status;

    /// <inheritdoc/>
    protected override string? Revision => Status.Source.Revision;

    /// <summary>Publishes the state of the source.</summary>
    internal void SetSource(SourceStatus source) => base.Status = Status with { Source = source };

    /// <inheritdoc/>
    protected override string Shown(string error) => StateAdvice.Cut(error);

    /// <summary>Publishes why the state file cannot be used; null where it can.</summary>
    internal void SetStateTrouble(string? trouble) =>
        base.Status = Status with { StateTrouble = trouble is null ? null : Shown(trouble) };

    /// <summary>Publishes what became of each approval, and where they are read.</summary>
    internal void SetApprovals(ImmutableArray<ApprovalUse> approvals, string? folder) =>
        base.Status = Status with { Approvals = approvals, ApprovalsFolder = folder };
}
