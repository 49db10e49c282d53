using Reconciler.Engine.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Core.Actions;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Resources;
using Reconciler.Hosts.Passes;
using Reconciler.Reports;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>Composes the parts of a membership's status that people read.</summary>
internal static class StatusText
{
    private const int MostListed = 100;
    private const int LongestLine = 300;
    private const int LongestSummary = 200;

    // A cause is shown in a column of kubectl get.
    private const int LongestCause = 80;

    private static readonly string[] ReconcileFields =
    [
        "declared",
        "converged",
        "summary",
        "plan",
        "people",
        "peopleCount",
        "findings",
    ];

    /// <summary>Says that changes are being made.</summary>
    /// <param name="resource">The resource that asks for them.</param>
    /// <param name="shard">The shard that makes them.</param>
    public static Action<JsonObject, DateTimeOffset> Progressing(ClusterResource resource, string shard) =>
        (status, now) =>
        {
            Conditions
                .Working("Progressing", "changes are being made")
                .WriteTo(status, resource.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
        };

    /// <summary>Says that nothing can be done until somebody acts.</summary>
    public static Action<JsonObject, DateTimeOffset> Stalled(
        ClusterResource resource,
        string reason,
        string message,
        string shard
    ) =>
        (status, now) =>
        {
            Conditions.Stalled(reason, message).WriteTo(status, resource.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
            foreach (var field in ReconcileFields)
                status.Remove(field);
            status["summary"] = Cause(message);
            Handled(status, resource.Annotation(ClusterResource.RequestedAt));
        };

    /// <summary>Says that a deletion waits: nobody is removed yet.</summary>
    public static Action<JsonObject, DateTimeOffset> Waiting(ClusterResource resource, string message, string shard) =>
        (status, now) =>
        {
            Conditions.Working("Progressing", message).WriteTo(status, resource.Metadata.Generation ?? 0, now);
            (status["shard"], status["summary"]) = (shard, Cause(message));
        };

    /// <summary>Says that the resource is suspended; its readiness stays as it was.</summary>
    public static Action<JsonObject, DateTimeOffset> Suspended(ClusterResource resource, string shard) =>
        (status, now) =>
        {
            var ready = (status["conditions"] as JsonArray)
                ?.OfType<JsonObject>()
                .FirstOrDefault(c => (string?)c["type"] == "Ready");
            var conditions = ready is null
                ? new Conditions(false, new("Suspended", "suspended before its first pass"))
                : new Conditions(
                    (string?)ready["status"] == "True",
                    new((string?)ready["reason"] ?? "Suspended", (string?)ready["message"] ?? "")
                );
            conditions.WriteTo(status, resource.Metadata.Generation ?? 0, now);
            (status["shard"], status["summary"]) = (shard, "suspended");
            Handled(status, resource.Annotation(ClusterResource.RequestedAt));
        };

    /// <summary>Says what became of a reconcile.</summary>
    /// <param name="reconcile">The reconcile.</param>
    /// <param name="resource">The resource that it was about, which may have changed since.</param>
    /// <param name="shard">The shard that reconciled.</param>
    public static Action<JsonObject, DateTimeOffset> Of(
        ProjectReconcile reconcile,
        ClusterResource resource,
        string shard
    ) =>
        (status, now) =>
        {
            ConditionsOf(reconcile, resource).WriteTo(status, resource.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
            Handled(status, resource.Annotation(ClusterResource.RequestedAt));
            if (reconcile.Outcomes.Any(o => o.Kind == OutcomeKind.Done))
                status["lastChangedAt"] = LedgerStatus.Text(now);
            if (reconcile.Planned.Plan is not { } plan)
            {
                if (reconcile.Error is { } error)
                    status["summary"] = Cause(error);
                else if (status["summary"] is null)
                    status["summary"] = "not read yet";
                return;
            }

            var people = People(reconcile, plan);
            (status["declared"], status["converged"]) = (plan.Project.Members.Length, ConvergedOf(reconcile, plan));
            status["summary"] = Summary(reconcile, plan);
            (status["findings"], status["peopleCount"]) = (plan.Findings.Length, people.Count);
            status["people"] = new JsonArray([
                .. people
                    .Take(MostListed)
                    .Select(p => new JsonObject
                    {
                        ["person"] = Line(p.Person),
                        ["state"] = p.State,
                        ["message"] = Line(p.Message),
                    }),
            ]);
            var loosened = plan.LimitChange.Texts;
            if (loosened.IsEmpty)
                status.Remove("loosened");
            else
                status["loosened"] = new JsonArray([
                    .. loosened.Take(MostListed).Select(t => JsonValue.Create(Line(t))),
                ]);
            if (Left(reconcile, plan) is { Length: > 0 } left)
                status["plan"] = PlanOf(plan, left);
            else
                status.Remove("plan");
        };

    /// <summary>
    /// Says what keeps people in a project that the membership declared before: it keeps the membership from being ready.
    /// </summary>
    /// <returns>The change of the status; null where nothing keeps them.</returns>
    public static Action<JsonObject, DateTimeOffset>? Previous(ProjectReconcile reconcile, ClusterResource resource)
    {
        var conditions = ConditionsOf(reconcile, resource);
        if (reconcile.Error is null && reconcile.Planned.Plan is { IsFree: true } && !conditions.IsStalled)
            return null;
        return (status, now) => WritePrevious(conditions, reconcile, resource, status, now);
    }

    private static void WritePrevious(
        Conditions conditions,
        ProjectReconcile reconcile,
        ClusterResource resource,
        JsonObject status,
        DateTimeOffset now
    )
    {
        (
            conditions with
            {
                Ready = conditions.Ready with
                {
                    Message =
                        $"of the project {reconcile.Planned.Project.ProjectId}, which it declared before: {conditions.Ready.Message}",
                },
            }
        ).WriteTo(status, resource.Metadata.Generation ?? 0, now);
        if (reconcile.Planned.Plan is { IsFree: false } held)
            status["plan"] = PlanOf(held, held.Actions);
    }

    /// <summary>Says that no AccessProvider leads to a project that the membership declared before.</summary>
    public static Action<JsonObject, DateTimeOffset> Unreachable(string project, ClusterResource resource) =>
        (status, now) =>
            Conditions
                .Stalled(
                    "CannotRevoke",
                    $"the project {project}, which it declared before, cannot be revoked: no AccessProvider of this namespace leads to it; make one again, or set deletionPolicy: orphan"
                )
                .WriteTo(status, resource.Metadata.Generation ?? 0, now);

    /// <summary>The actions of a plan that are not done.</summary>
    public static ImmutableArray<PlannedAction> Left(ProjectReconcile reconcile, ProjectPlan plan)
    {
        var done = reconcile
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Manual or OutcomeKind.Overtaken)
            .Select(o => o.Action)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. plan.Actions.Where(a => !done.Contains(a))];
    }

    /// <summary>Describes an action in a line.</summary>
    /// <param name="action">The action.</param>
    /// <param name="isDone">Whether it was done; else it is to be.</param>
    public static string Text(PlannedAction action, bool isDone = false)
    {
        var gained =
            action.Added.IsNone ? ""
            : action.Kind == ActionKind.Invite ? $" with {action.Added}"
            : $" + {action.Added}";
        var lost = action.Removed.IsNone ? "" : $" − {action.Removed}";
        return Line(
            $"{(isDone ? Past(action.Kind) : Audit.Word(action.Kind))} {PersonOf(action)}{gained}{lost} ({action.Reason})"
        );
    }

    /// <summary>The person of an action, as people know them.</summary>
    public static string PersonOf(PlannedAction action) => action.Email.Length > 0 ? action.Email : action.Person.Label;

    private static Conditions ConditionsOf(ProjectReconcile reconcile, ClusterResource resource)
    {
        var (project, plan) = (reconcile.Planned.Project, reconcile.Planned.Plan);
        if (project.IsDeleted && reconcile.Planned.Failure?.Fault == ProviderFault.NotFound)
            return Conditions.Stalled(
                "CannotRevoke",
                "the vendor has no such project any more, or hides it from this token: where it is gone, let it go with deletionPolicy: orphan"
            );
        if (reconcile.Error is { } error)
        {
            var isOurs = reconcile.Planned.Failure?.Fault == ProviderFault.Configuration;
            return isOurs
                ? Conditions.Stalled(project.IsDeleted ? "CannotRevoke" : "ReferenceNotFound", error)
                : Conditions.Working("Failed", error);
        }

        if (plan is null)
            return Conditions.Working("Progressing", "not read yet");
        if (project.DryRun && !plan.Actions.IsEmpty)
        {
            var held = plan.IsFree
                ? ""
                : $"; a limit would hold it: {string.Join("; ", plan.Holds.Select(h => h.Message))}";
            return Conditions.Good(
                "DryRun",
                $"{TextNames.Count(plan.Actions.Length, "change is", "changes are")} planned, and none is made: dryRun{held}"
            );
        }

        if (!plan.IsFree)
        {
            var release = Release(plan, resource);
            // A long list of limits is cut, and the command that releases the plan is not.
            var why = TerminalText.Escape(
                $"{string.Join("; ", plan.Holds.Select(h => h.Message).Concat(Loosened(plan)))}{Unused(reconcile)}"
            );
            return Conditions.Stalled(
                "Held",
                $"{Conditions.Cut(why, Math.Max(100, Conditions.LongestMessage - release.Length - 2))}; {release}"
            );
        }

        if (reconcile.IsInterrupted)
            return Conditions.Working("Progressing", "interrupted; the next pass goes on");
        var manual =
            plan.Findings.Count(f => f.Kind is FindingKind.Manual or FindingKind.Refused)
            + reconcile.Outcomes.Count(o => o.Kind == OutcomeKind.Manual);
        if (project.IsDeleted)
            return Deleting(plan, manual);
        return manual > 0
            ? Conditions.Good(
                "ManualSteps",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human; {Summary(reconcile, plan)}"
            )
            : Conditions.Good("Converged", Summary(reconcile, plan));
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

    // Whoever can write the spec can write the annotation, so it releases limits of the namespace's own Guardrails only.
    private static string Release(ProjectPlan plan, ClusterResource resource) =>
        plan.Holds.All(h => h.IsOfManifests)
            ? $"release it once with an Approval of {plan.HeldDigest}, or with: kubectl annotate projectmembership {resource.Metadata.Name} "
                + $"-n {resource.Namespace} --overwrite {ClusterResource.Approve}={plan.HeldDigest}"
            : $"release it once with an Approval of {plan.HeldDigest} in the namespace {resource.Namespace}";

    private static Conditions Deleting(ProjectPlan plan, int manual) =>
        manual > 0
            ? Conditions.Stalled(
                "CannotRevoke",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human: {string.Join("; ", plan.Findings.Where(f => f.Kind is FindingKind.Manual or FindingKind.Refused).Select(f => f.Message).Take(3))}; or leave everybody in with deletionPolicy: orphan"
            )
            : Conditions.Working("Progressing", "being deleted: what was granted is taken away");

    private static IEnumerable<string> Loosened(ProjectPlan plan) =>
        plan.LimitChange.Texts.Select(t => $"limit loosened: {t}");

    private static int ConvergedOf(ProjectReconcile reconcile, ProjectPlan plan) =>
        plan.Converged
        + reconcile.Outcomes.Count(o =>
            o is { Kind: OutcomeKind.Done, Action.Kind: ActionKind.Update, Action.Access: not null }
        );

    private static string Summary(ProjectReconcile reconcile, ProjectPlan plan)
    {
        var parts = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{ConvergedOf(reconcile, plan)} of {plan.Project.Members.Length} as declared"
            ),
        };
        parts.AddRange(
            reconcile
                .Outcomes.Where(o => o.Kind == OutcomeKind.Done)
                .CountBy(o => o.Action.Kind)
                .OrderBy(c => c.Key)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {Past(c.Key)}"))
        );
        parts.AddRange(
            plan.Findings.Where(f => f.Kind != FindingKind.Expiring)
                .CountBy(f => f.Kind)
                .OrderBy(c => c.Key)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {State(c.Key)}"))
        );
        // The next reconcile knows who owns them.
        if (plan.NotJudged > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.NotJudged} undeclared"));
        var left = Left(reconcile, plan);
        parts.AddRange(Kinds(left.Where(a => !plan.IsHeld(a))));
        if (plan.Project.DryRun)
            parts.Add("dry run");
        if (!plan.LimitChange.Texts.IsEmpty)
            parts.Add("limits loosened");
        var held = string.Join(", ", Kinds(left.Where(plan.IsHeld)));
        if (!plan.IsFree)
            parts.Add(held.Length > 0 ? $"held: {held}" : "held");
        return Conditions.Cut(string.Join(", ", parts), LongestSummary);
    }

    private static IEnumerable<string> Kinds(IEnumerable<PlannedAction> actions) =>
        actions
            .CountBy(a => a.Kind)
            .OrderBy(c => c.Key)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} to {Audit.Word(c.Key)}"));

    private static List<(string Person, string State, string Message)> People(
        ProjectReconcile reconcile,
        ProjectPlan plan
    )
    {
        var tried = reconcile.Outcomes.ToDictionary<ActionOutcome, object>(
            o => o.Action,
            ReferenceEqualityComparer.Instance
        );
        var people = new List<(string Person, string State, string Message)>();
        foreach (var action in plan.Actions)
        {
            var outcome = tried.GetValueOrDefault(action);
            if (outcome is { Kind: OutcomeKind.Overtaken })
                continue;
            if (
                outcome is { Kind: OutcomeKind.Done }
                && action.Kind is not (ActionKind.Invite or ActionKind.Replace or ActionKind.Resend)
            )
                continue;
            people.Add(
                (
                    PersonOf(action),
                    outcome?.Kind switch
                    {
                        OutcomeKind.Done => "Waiting",
                        OutcomeKind.Manual => "Manual",
                        OutcomeKind.Failed => "Failed",
                        _ => plan.IsHeld(action) ? "Held" : "Pending",
                    },
                    outcome?.Kind == OutcomeKind.Done
                        ? $"{Past(action.Kind)}; not accepted yet"
                        : outcome?.Message ?? Text(action)
                )
            );
        }

        people.AddRange(plan.Findings.Select(f => (f.Person, f.Kind.ToString(), f.Message)));
        return [.. people.OrderBy(p => p.Item1, StringComparer.Ordinal)];
    }

    private static JsonObject PlanOf(ProjectPlan plan, ImmutableArray<PlannedAction> left)
    {
        var counts = new JsonObject { ["digest"] = plan.Digest };
        if (!plan.IsFree)
            counts["hold"] = plan.HeldDigest;
        foreach (var kind in Enum.GetValues<ActionKind>())
            counts[Audit.Word(kind)] = left.Count(a => a.Kind == kind);
        counts["held"] = new JsonArray([
            .. plan.IsFree ? [] : plan.Holds.Select(h => JsonValue.Create(Line(h.Message))),
        ]);
        counts["actions"] = new JsonArray([.. left.Take(MostListed).Select(a => JsonValue.Create(Text(a)))]);
        return counts;
    }

    private static void Handled(JsonObject status, string? requestedAt)
    {
        if (requestedAt is not null)
            status["lastHandledRequestedAt"] = Conditions.Cut(requestedAt, LongestLine);
    }

    private static string Cause(string message) => Conditions.Cut(TerminalText.Escape(message), LongestCause);

    private static string Line(string text) => Conditions.Cut(TerminalText.Escape(text), LongestLine);

    private static string Past(ActionKind kind) =>
        kind switch
        {
            ActionKind.Invite => "invited",
            ActionKind.Update => "updated",
            ActionKind.Replace => "invited anew",
            ActionKind.Resend => "reminded",
            ActionKind.Revoke => "revoked",
            _ => "removed",
        };

    private static string State(FindingKind kind) =>
        kind switch
        {
            FindingKind.AddressChanged => "with a changed address",
            FindingKind.SecondAccount => "with a second account",
            FindingKind.GaveUp => "given up",
            FindingKind.Manual => "for a human",
            _ => kind.ToString().ToLowerInvariant(),
        };
}
