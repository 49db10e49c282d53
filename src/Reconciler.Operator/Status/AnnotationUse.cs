using Reconciler.Core.Membership;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status;

/// <summary>Tells whether the annotation that releases a hold fits what is held.</summary>
internal static class AnnotationUse
{
    /// <summary>Why the annotation releases nothing, to be added to a message; empty where nothing is wrong.</summary>
    /// <param name="reconcile">The reconcile.</param>
    /// <param name="resource">The membership.</param>
    public static string Of(ProjectReconcile reconcile, ClusterResource resource)
    {
        if (!FitsNothing(reconcile))
            return "";
        if (reconcile.Planned.Plan is not { IsFree: false } held)
            return $"; the annotation {ClusterResource.Approve} fits nothing that is held: "
                + $"remove it with: {Advice.DropApproval(resource)}";
        return held.HeldDigest == reconcile.Planned.Project.Approval
            ? $"; the annotation {ClusterResource.Approve} cannot release it: a limit of the operator holds it"
            : $"; the annotation {ClusterResource.Approve} names another hold";
    }

    /// <summary>Whether there is an annotation that releases nothing now and has released nothing before.</summary>
    /// <param name="reconcile">The reconcile.</param>
    public static bool FitsNothing(ProjectReconcile reconcile)
    {
        var (project, plan) = (reconcile.Planned.Project, reconcile.Planned.Plan);
        if (project is not { Approval: { } given, IsDeleted: false } || plan is null || plan.Release?.Hold == given)
            return false;
        var ledger = reconcile.Remembered?.Ledger ?? reconcile.Planned.Memory.Ledger;
        return !ledger.Released.Contains(given);
    }
}
