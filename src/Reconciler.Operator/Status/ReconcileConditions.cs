using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Resources;
using Reconciler.Reports;

namespace Reconciler.Operator.Status;

/// <summary>Composes the conditions of a membership after a reconcile.</summary>
internal static class ReconcileConditions
{
    /// <summary>Returns the conditions.</summary>
    /// <param name="reconcile">The reconcile.</param>
    /// <param name="resource">The resource that it was about.</param>
    public static Conditions Of(ProjectReconcile reconcile, ClusterResource resource)
    {
        var (project, plan) = (reconcile.Planned.Project, reconcile.Planned.Plan);
        if (project.IsDeleted && reconcile.Planned.Failure?.Fault == ProviderFault.NotFound)
            return Conditions.Stalled(
                StatusReasons.CannotRevoke,
                "the vendor has no such project any more, or hides it from this token: "
                    + "where it is gone, let it go with deletionPolicy: orphan"
            );
        if (reconcile.Error is { } error)
        {
            var isOurs = reconcile.Planned.Failure?.Fault == ProviderFault.Configuration;
            return isOurs
                ? Conditions.Stalled(
                    project.IsDeleted ? StatusReasons.CannotRevoke : StatusReasons.ReferenceNotFound,
                    error
                )
                : Conditions.Working("Failed", error);
        }

        if (plan is null)
            return Conditions.Working(StatusReasons.Progressing, "not read yet");
        if (project.DryRun && !plan.Actions.IsEmpty)
        {
            var held = plan.IsFree
                ? ""
                : $"; a limit would hold it: {string.Join("; ", plan.Holds.Select(h => h.Message))}";
            return Conditions.Good(
                "DryRun",
                $"{TextNames.Count(plan.Actions.Length, "change is", "changes are")} planned, "
                    + $"and none is made: dryRun{held}"
            );
        }

        if (!plan.IsFree)
            return Held(reconcile, plan, resource);
        if (reconcile.IsInterrupted)
            return Conditions.Working(StatusReasons.Progressing, "interrupted; the next reconcile goes on");
        var manual =
            plan.Findings.Count(f => f.Kind is FindingKind.Manual or FindingKind.Refused)
            + reconcile.Outcomes.Count(o => o.Kind == OutcomeKind.Manual);
        if (project.IsDeleted)
            return Deleting(plan, manual);
        return manual > 0
            ? Conditions.Good(
                "ManualSteps",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human; "
                    + ChangeText.Summary(reconcile, plan)
            )
            : Conditions.Good("Converged", ChangeText.Summary(reconcile, plan));
    }

    /// <summary>Names the approvals that do not release what is held; empty where there are none.</summary>
    public static string Unused(ProjectReconcile reconcile)
    {
        var unused = reconcile
            .Approvals.Where(u =>
                u.Fate is ApprovalFate.Expired or ApprovalFate.FitsNothing or ApprovalFate.Unusable or ApprovalFate.Used
            )
            .Take(3);
        return string.Concat(unused.Select(u => $"; {u.Approval.By}: {ApprovalReport.Short(u)}"));
    }

    private static Conditions Held(ProjectReconcile reconcile, ProjectPlan plan, ClusterResource resource)
    {
        var release = Release(plan, resource);
        var why = TerminalText.Escape(
            $"{string.Join("; ", plan.Holds.Select(h => h.Message).Concat(Loosened(plan)))}{Unused(reconcile)}"
        );
        // Only the list of limits is cut, so that the command that releases the plan stays whole.
        var room = Math.Max(100, Conditions.LongestMessage - release.Length - 2);
        return Conditions.Stalled("Held", $"{Conditions.Cut(why, room)}; {release}");
    }

    // Whoever can write the spec can write the annotation, so it releases limits of the namespace's own Guardrails
    // only.
    private static string Release(ProjectPlan plan, ClusterResource resource) =>
        plan.Holds.All(h => h.IsOfManifests)
            ? $"release it once with an Approval of {plan.HeldDigest}, "
                + $"or with: kubectl annotate projectmembership {resource.Metadata.Name} -n {resource.Namespace} "
                + $"--overwrite {ClusterResource.Approve}={plan.HeldDigest}"
            : $"release it once with an Approval of {plan.HeldDigest} in the namespace {resource.Namespace}";

    private static Conditions Deleting(ProjectPlan plan, int manual)
    {
        if (manual == 0)
            return Conditions.Working(StatusReasons.Progressing, "being deleted: what was granted is taken away");
        var steps = plan
            .Findings.Where(f => f.Kind is FindingKind.Manual or FindingKind.Refused)
            .Select(f => f.Message)
            .Take(3);
        return Conditions.Stalled(
            StatusReasons.CannotRevoke,
            $"{TextNames.Count(manual, "step is", "steps are")} left to a human: {string.Join("; ", steps)}; "
                + "or leave everybody in with deletionPolicy: orphan"
        );
    }

    private static IEnumerable<string> Loosened(ProjectPlan plan) =>
        plan.LimitChange.Texts.Select(t => $"limit loosened: {t}");
}
