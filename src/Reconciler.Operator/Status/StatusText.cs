using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Status;

/// <summary>Composes the parts of a membership's status that people read.</summary>
internal static class StatusText
{
    private const int LongestRequest = 300;

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
        "loosened",
    ];

    /// <summary>Says that changes are being made.</summary>
    /// <param name="resource">The resource that asks for them.</param>
    /// <param name="shard">The shard that makes them.</param>
    public static Action<JsonObject, DateTimeOffset> Progressing(ClusterResource resource, string shard) =>
        (status, now) =>
        {
            Conditions
                .Working(StatusReasons.Progressing, "changes are being made")
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
            Forget(status);
            status["summary"] = Cause(message);
            Handled(status, resource.Annotation(ClusterResource.RequestedAt));
        };

    /// <summary>Says that a deletion waits: nobody is removed yet.</summary>
    public static Action<JsonObject, DateTimeOffset> Waiting(ClusterResource resource, string message, string shard) =>
        (status, now) =>
        {
            Conditions
                .Working(StatusReasons.Progressing, message)
                .WriteTo(status, resource.Metadata.Generation ?? 0, now);
            // What was left to do before the deletion is not done any more.
            status.Remove("plan");
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
                ? new Conditions(false, new("Suspended", "suspended before its first reconcile"))
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
            var conditions = ReconcileConditions.Of(reconcile, resource);
            var isSameSpec = (long?)status["observedGeneration"] == resource.Metadata.Generation;
            conditions.WriteTo(status, resource.Metadata.Generation ?? 0, now);
            status["shard"] = shard;
            Handled(status, resource.Annotation(ClusterResource.RequestedAt));
            if (reconcile.Outcomes.Any(o => o.Kind == OutcomeKind.Done))
                status["lastChangedAt"] = LedgerStatus.Text(now);
            if (reconcile.Planned.Plan is not { } plan)
            {
                // While a vendor is away, what it last showed stays. It says nothing of another spec.
                if (conditions.IsStalled || !isSameSpec)
                    Forget(status);
                if (reconcile.Error is { } error)
                    status["summary"] = Cause(error);
                else if (status["summary"] is null)
                    status["summary"] = "not read yet";
                return;
            }

            var people = ChangeText.People(reconcile, plan);
            (status["declared"], status["converged"]) = (
                plan.Project.Members.Length,
                ChangeText.ConvergedOf(reconcile, plan)
            );
            status["summary"] = ChangeText.Summary(reconcile, plan);
            (status["findings"], status["peopleCount"]) = (plan.Findings.Length, people.Count);
            status["people"] = new JsonArray([
                .. people
                    .Take(ChangeText.MostListed)
                    .Select(p => new JsonObject
                    {
                        ["person"] = ChangeText.Line(p.Person),
                        ["state"] = p.State,
                        ["message"] = ChangeText.Line(p.Message),
                    }),
            ]);
            var loosened = plan.LimitChange.Texts;
            if (loosened.IsEmpty)
                status.Remove("loosened");
            else
                status["loosened"] = new JsonArray([
                    .. loosened.Take(ChangeText.MostListed).Select(t => JsonValue.Create(ChangeText.Line(t))),
                ]);
            if (ChangeText.Left(reconcile, plan) is { Length: > 0 } left)
                status["plan"] = ChangeText.PlanOf(plan, left);
            else
                status.Remove("plan");
        };

    /// <summary>
    /// Says what keeps people in a project that the membership declared before: it keeps the membership from being
    /// ready.
    /// </summary>
    /// <returns>The change of the status; null where nothing keeps them.</returns>
    public static Action<JsonObject, DateTimeOffset>? Previous(ProjectReconcile reconcile, ClusterResource resource)
    {
        var conditions = ReconcileConditions.Of(reconcile, resource);
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
                        $"of the project {reconcile.Planned.Project.ProjectId}, which it declared before: "
                        + conditions.Ready.Message,
                },
            }
        ).WriteTo(status, resource.Metadata.Generation ?? 0, now);
        if (reconcile.Planned.Plan is { IsFree: false } held)
            status["plan"] = ChangeText.PlanOf(held, held.Actions);
    }

    /// <summary>Says that no AccessProvider leads to a project that the membership declared before.</summary>
    public static Action<JsonObject, DateTimeOffset> Unreachable(string project, ClusterResource resource) =>
        (status, now) =>
            Conditions
                .Stalled(
                    StatusReasons.CannotRevoke,
                    $"the project {project}, which it declared before, cannot be revoked: "
                        + "no AccessProvider of this namespace leads to it; "
                        + $"make one again, or leave everybody in with: {Advice.Orphan(resource)}"
                )
                .WriteTo(status, resource.Metadata.Generation ?? 0, now);

    private static void Forget(JsonObject status)
    {
        foreach (var field in ReconcileFields)
            status.Remove(field);
    }

    private static void Handled(JsonObject status, string? requestedAt)
    {
        if (requestedAt is not null)
            status["lastHandledRequestedAt"] = Conditions.Cut(requestedAt, LongestRequest);
    }

    private static string Cause(string message) => Conditions.Cut(TerminalText.Escape(message), LongestCause);
}
