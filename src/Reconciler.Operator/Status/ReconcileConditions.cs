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
        if (reconcile.Error is { } error)
            return Failing(reconcile, error);
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
                    + $"and none is made: dryRun{held}{AnnotationUse.Of(reconcile, resource)}"
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
            return Deleting(plan, manual, resource);
        return manual > 0
            ? Conditions.Good(
                "ManualSteps",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human; "
                    + $"{ChangeText.Summary(reconcile, plan)}{AnnotationUse.Of(reconcile, resource)}"
            )
            : Conditions.Good(
                "Converged",
                $"{ChangeText.Summary(reconcile, plan)}{AnnotationUse.Of(reconcile, resource)}"
            );
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

    private static Conditions Failing(ProjectReconcile reconcile, string error)
    {
        var (fault, isDeleted) = (reconcile.Planned.Failure?.Fault, reconcile.Planned.Project.IsDeleted);
        if (reconcile.Trouble is not null || fault is null)
            return AreRefusals(reconcile)
                ? Conditions.Stalled(StatusReasons.Refused, error)
                : Conditions.Working(StatusReasons.Failed, error);
        return isDeleted && fault is ProviderFault.NotFound or ProviderFault.Configuration
            ? Conditions.Stalled(StatusReasons.CannotRevoke, error)
            : FailureReason.Of(fault.Value).With(error);
    }

    // The same request would be refused again, so it waits for whoever declared it.
    private static bool AreRefusals(ProjectReconcile reconcile)
    {
        var failed = reconcile.Outcomes.Where(o => o.Kind is OutcomeKind.Failed or OutcomeKind.Skipped).ToList();
        return reconcile is { Trouble: null, Result.NotRemembered: null }
            && failed.Count > 0
            && failed.TrueForAll(o => o.IsRefused);
    }

    private static Conditions Held(ProjectReconcile reconcile, ProjectPlan plan, ClusterResource resource)
    {
        var why =
            $"{string.Join("; ", plan.Holds.Select(h => h.Message).Concat(Loosened(plan)))}{Unused(reconcile)}"
            + AnnotationUse.Of(reconcile, resource);
        return Conditions.Stalled(StatusReasons.Held, Conditions.Advised(why, Release(plan, resource)));
    }

    // Whoever can write the spec can write the annotation, so it releases limits of the namespace's own Guardrails
    // only.
    private static string Release(ProjectPlan plan, ClusterResource resource) =>
        plan.Holds.All(h => h.IsOfManifests)
            ? $"release it once with an Approval of {plan.HeldDigest}, "
                + $"or with: {Advice.Approve(resource, plan.HeldDigest)}"
            : $"release it once with an Approval of {plan.HeldDigest} in the namespace {resource.Namespace}";

    private static Conditions Deleting(ProjectPlan plan, int manual, ClusterResource resource)
    {
        if (manual == 0)
            return Conditions.Working(StatusReasons.Progressing, "being deleted: what was granted is taken away");
        var steps = plan
            .Findings.Where(f => f.Kind is FindingKind.Manual or FindingKind.Refused)
            .Select(f => f.Message)
            .Take(3);
        return Conditions.Stalled(
            StatusReasons.CannotRevoke,
            Conditions.Advised(
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human: {string.Join("; ", steps)}",
                $"or leave everybody in with: {Advice.Orphan(resource)}"
            )
        );
    }

    private static IEnumerable<string> Loosened(ProjectPlan plan) =>
        plan.LimitChange.Texts.Select(t => $"limit loosened: {t}");
}
