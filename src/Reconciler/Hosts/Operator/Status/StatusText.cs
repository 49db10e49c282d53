using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Engine;
using Reconciler.Hosts.Passes;
using Reconciler.Reports;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>What people read in the status of a membership.</summary>
internal static class StatusText
{
    private const int MostListed = 100;
    private const int LongestLine = 300;
    private const int LongestSummary = 200;

    // Where something is wrong the column says so, as far as it fits into a line of kubectl get.
    private const int LongestCause = 80;

    private static readonly string[] PassFields =
    [
        "declared",
        "converged",
        "summary",
        "plan",
        "people",
        "peopleCount",
        "findings",
    ];

    /// <summary>Writes are about to be sent.</summary>
    /// <param name="seen">The resource that asks for them.</param>
    /// <param name="shard">Who sends them.</param>
    public static Action<JsonObject, DateTimeOffset> Progressing(ClusterResource seen, string shard) =>
        (status, now) =>
        {
            Conditions
                .Working("Progressing", "changes are being made")
                .Into(status, seen.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
        };

    /// <summary>Nothing can be done until somebody mends it.</summary>
    public static Action<JsonObject, DateTimeOffset> Stalled(
        ClusterResource seen,
        string reason,
        string message,
        string shard
    ) =>
        (status, now) =>
        {
            Conditions.Stuck(reason, message).Into(status, seen.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
            foreach (var field in PassFields)
                status.Remove(field);
            status["summary"] = Cause(message);
            Handled(status, seen.Annotation(ClusterResource.RequestedAt));
        };

    /// <summary>A deletion waits: nothing is taken away yet.</summary>
    public static Action<JsonObject, DateTimeOffset> Waiting(ClusterResource seen, string message, string shard) =>
        (status, now) =>
        {
            Conditions.Working("Progressing", message).Into(status, seen.Metadata.Generation ?? 0, now);
            (status["shard"], status["summary"]) = (shard, Cause(message));
        };

    /// <summary>Nothing is done, as the resource says: its readiness stays as it was.</summary>
    public static Action<JsonObject, DateTimeOffset> Suspended(ClusterResource seen, string shard) =>
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
            conditions.Into(status, seen.Metadata.Generation ?? 0, now);
            (status["shard"], status["summary"]) = (shard, "suspended");
            Handled(status, seen.Annotation(ClusterResource.RequestedAt));
        };

    /// <summary>A pass is over.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="seen">The resource that the pass was about: it may have changed since.</param>
    /// <param name="shard">Whose pass it was.</param>
    public static Action<JsonObject, DateTimeOffset> Of(ProjectReconcile pass, ClusterResource seen, string shard) =>
        (status, now) =>
        {
            ConditionsOf(pass, seen).Into(status, seen.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
            Handled(status, seen.Annotation(ClusterResource.RequestedAt));
            if (pass.Outcomes.Any(o => o.Kind == OutcomeKind.Done))
                status["lastChangedAt"] = LedgerStatus.Text(now);
            if (pass.Planned.Plan is not { } plan)
            {
                if (pass.Error is { } error)
                    status["summary"] = Cause(error);
                else if (status["summary"] is null)
                    status["summary"] = "not read yet";
                return;
            }

            var people = People(pass, plan);
            (status["declared"], status["converged"]) = (plan.Project.Members.Length, ConvergedOf(pass, plan));
            status["summary"] = Summary(pass, plan);
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
            if (Left(pass, plan) is { Length: > 0 } left)
                status["plan"] = PlanOf(plan, left);
            else
                status.Remove("plan");
        };

    /// <summary>
    /// A pass over a project that the membership declared before is over. What keeps its people from being taken out keeps the membership from being ready.
    /// </summary>
    /// <returns>What to say of it; null where nothing keeps them.</returns>
    public static Action<JsonObject, DateTimeOffset>? Former(ProjectReconcile pass, ClusterResource seen)
    {
        var conditions = ConditionsOf(pass, seen);
        if (pass.Error is null && pass.Planned.Plan is { IsFree: true } && !conditions.IsStalled)
            return null;
        return (status, now) => FormerInto(conditions, pass, seen, status, now);
    }

    private static void FormerInto(
        Conditions conditions,
        ProjectReconcile pass,
        ClusterResource seen,
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
                        $"of the project {pass.Planned.Project.ProjectId}, which it declared before: {conditions.Ready.Message}",
                },
            }
        ).Into(status, seen.Metadata.Generation ?? 0, now);
        if (pass.Planned.Plan is { IsFree: false } held)
            status["plan"] = PlanOf(held, held.Actions);
    }

    /// <summary>Nothing leads to a project any more that the membership declared before.</summary>
    public static Action<JsonObject, DateTimeOffset> Stranded(string project, ClusterResource seen) =>
        (status, now) =>
            Conditions
                .Stuck(
                    "CannotRevoke",
                    $"the project {project}, which it declared before, cannot be revoked: no AccessProvider of this namespace leads to it; make one again, or set deletionPolicy: orphan"
                )
                .Into(status, seen.Metadata.Generation ?? 0, now);

    /// <summary>What is left of a plan after its pass.</summary>
    public static ImmutableArray<PlannedAction> Left(ProjectReconcile pass, ProjectPlan plan)
    {
        var done = pass
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Manual or OutcomeKind.Overtaken)
            .Select(o => o.Action)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. plan.Actions.Where(a => !done.Contains(a))];
    }

    /// <summary>A planned action in a line.</summary>
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

    public static string PersonOf(PlannedAction action) => action.Email.Length > 0 ? action.Email : action.Person.Label;

    private static Conditions ConditionsOf(ProjectReconcile pass, ClusterResource seen)
    {
        var (project, plan) = (pass.Planned.Project, pass.Planned.Plan);
        if (project.IsDeleted && pass.Planned.Failure?.Fault == ProviderFault.NotFound)
            return Conditions.Stuck(
                "CannotRevoke",
                "the vendor has no such project any more, or hides it from this token: where it is gone, let it go with deletionPolicy: orphan"
            );
        if (pass.Error is { } error)
        {
            var isOurs = pass.Planned.Failure?.Fault == ProviderFault.Configuration;
            return isOurs
                ? Conditions.Stuck(project.IsDeleted ? "CannotRevoke" : "ReferenceNotFound", error)
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
            var release = Release(plan, seen);
            // However much holds it, the command that lets it pass is not cut off.
            var why = TerminalText.Escape(
                $"{string.Join("; ", plan.Holds.Select(h => h.Message).Concat(Loosened(plan)))}{Unused(pass)}"
            );
            return Conditions.Stuck(
                "Held",
                $"{Conditions.Cut(why, Math.Max(100, Conditions.LongestMessage - release.Length - 2))}; {release}"
            );
        }

        if (pass.IsInterrupted)
            return Conditions.Working("Progressing", "interrupted; the next pass goes on");
        var manual =
            plan.Findings.Count(f => f.Kind is FindingKind.Manual or FindingKind.Refused)
            + pass.Outcomes.Count(o => o.Kind == OutcomeKind.Manual);
        if (project.IsDeleted)
            return Deleting(plan, manual);
        return manual > 0
            ? Conditions.Good(
                "ManualSteps",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human; {Summary(pass, plan)}"
            )
            : Conditions.Good("Converged", Summary(pass, plan));
    }

    /// <summary>The approvals that do not release what is held; empty where there are none.</summary>
    public static string Unused(ProjectReconcile pass)
    {
        var unused = pass
            .Approvals.Where(u =>
                u.Fate is ApprovalFate.Expired or ApprovalFate.FitsNothing or ApprovalFate.Unusable or ApprovalFate.Used
            )
            .Take(3);
        return string.Concat(unused.Select(u => $"; {u.Approval.By}: {ApprovalReport.Short(u)}"));
    }

    // Who writes the spec can write the annotation, so only limits of the namespace's own Guardrails are released by it.
    private static string Release(ProjectPlan plan, ClusterResource seen) =>
        plan.Holds.All(h => h.IsOfManifests)
            ? $"release it once with an Approval of {plan.HeldDigest}, or with: kubectl annotate projectmembership {seen.Metadata.Name} "
                + $"-n {seen.Namespace} --overwrite {ClusterResource.Approve}={plan.HeldDigest}"
            : $"release it once with an Approval of {plan.HeldDigest} in the namespace {seen.Namespace}";

    private static Conditions Deleting(ProjectPlan plan, int manual) =>
        manual > 0
            ? Conditions.Stuck(
                "CannotRevoke",
                $"{TextNames.Count(manual, "step is", "steps are")} left to a human: {string.Join("; ", plan.Findings.Where(f => f.Kind is FindingKind.Manual or FindingKind.Refused).Select(f => f.Message).Take(3))}; or leave everybody in with deletionPolicy: orphan"
            )
            : Conditions.Working("Progressing", "being deleted: what was granted is taken away");

    private static IEnumerable<string> Loosened(ProjectPlan plan) =>
        plan.LimitChange.Texts.Select(t => $"limit loosened: {t}");

    private static int ConvergedOf(ProjectReconcile pass, ProjectPlan plan) =>
        plan.Converged
        + pass.Outcomes.Count(o =>
            o is { Kind: OutcomeKind.Done, Action.Kind: ActionKind.Update, Action.Access: not null }
        );

    private static string Summary(ProjectReconcile pass, ProjectPlan plan)
    {
        var parts = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{ConvergedOf(pass, plan)} of {plan.Project.Members.Length} as declared"
            ),
        };
        parts.AddRange(
            pass.Outcomes.Where(o => o.Kind == OutcomeKind.Done)
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
        // Who owns them is not remembered yet: the next pass tells.
        if (plan.NotJudged > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.NotJudged} undeclared"));
        var left = Left(pass, plan);
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

    private static List<(string Person, string State, string Message)> People(ProjectReconcile pass, ProjectPlan plan)
    {
        var tried = pass.Outcomes.ToDictionary<ActionOutcome, object>(
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
