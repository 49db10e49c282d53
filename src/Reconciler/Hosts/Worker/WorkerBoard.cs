using System.Collections.Immutable;
using Reconciler.Engine.Planning;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Worker;

/// <summary>Keeps the worker's state: its passes with their plans, and its source.</summary>
/// <param name="origin">Where the manifests are; no credentials.</param>
/// <param name="clock">The time.</param>
internal sealed class WorkerBoard(string origin, TimeProvider clock)
    : PassBoard(new WorkerStatus(clock.GetUtcNow(), new(origin)), keepsPlans: true, clock)
{
    public new WorkerStatus Status => (WorkerStatus)base.Status;

    public void Show(SourceStatus source) => base.Status = Status with { Source = source };

    public void Show(ImmutableArray<ApprovalUse> approvals) => base.Status = Status with { Approvals = approvals };
}
