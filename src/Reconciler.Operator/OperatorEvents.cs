using k8s.Models;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Events;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator;

/// <summary>Records Events of what was done and what was refused. The same trouble is recorded once.</summary>
/// <param name="recorder">Writes them.</param>
internal sealed class OperatorEvents(EventRecorder recorder)
{
    // Further writes of one reconcile share an Event: a first one over thousands of people would drown everything else.
    private const int MostSingle = 25;

    /// <summary>Records what became of a reconcile.</summary>
    public void ReconcileEnded(TrackedMembership tracked, ClusterResource resource, ProjectReconcile reconcile)
    {
        var written = reconcile
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Failed or OutcomeKind.Manual)
            .ToList();
        foreach (var outcome in written.Take(MostSingle))
            Record(
                resource,
                outcome.Kind == OutcomeKind.Done ? EventType.Normal : EventType.Warning,
                Reason(outcome),
                Action(outcome),
                Note(outcome)
            );
        if (written.Count > MostSingle)
            Record(
                resource,
                EventType.Normal,
                "Changed",
                "Apply",
                $"{TextNames.Count(written.Count - MostSingle, "more change", "more changes")}; "
                    + "the operator's log has each"
            );
        if (reconcile.Planned.Plan?.Release is { } release && written.Count > 0)
            Record(resource, EventType.Normal, "Released", "Approve", $"{release.By} released {release.Hold}, once");
        if (reconcile.Planned.Plan is { IsFree: true, LimitChange.Texts: { IsEmpty: false } texts })
        {
            Record(
                resource,
                EventType.Warning,
                "LimitsLoosened",
                "Plan",
                $"{string.Join("; ", texts)}; the limits last applied counted in this reconcile"
            );
        }

        var reason = ReconcileConditions.Of(reconcile, resource).Ready.Reason;
        if ((reconcile.Trouble ?? reconcile.Planned.Failure?.Message ?? reconcile.Result?.NotRemembered) is { } trouble)
            Once(tracked, resource, reason, "Plan", WithoutRequest(trouble));
        else if (reconcile.Planned.Plan is { IsFree: false } held)
            Once(
                tracked,
                resource,
                reason,
                "Plan",
                $"{string.Join("; ", held.Holds.Select(h => h.Message))} ({held.HeldDigest})"
                    + ReconcileConditions.Unused(reconcile)
            );
        else
            tracked.Update(s => s with { LastEvent = null });
        ReportAnnotation(tracked, resource, reconcile);
    }

    /// <summary>Records what became of an Approval.</summary>
    public void OfApproval(ClusterResource approval, ApprovalFate fate, string note)
    {
        var isGood = fate is ApprovalFate.Releases or ApprovalFate.Waits;
        Record(approval, isGood ? EventType.Normal : EventType.Warning, fate.ToString(), "Approve", note, "Approval");
    }

    /// <summary>Records that a VendorDefinition is in force, or why it is not.</summary>
    public void OfDefinition(ClusterResource definition, bool isGood, string reason, string note) =>
        Record(
            definition,
            isGood ? EventType.Normal : EventType.Warning,
            reason,
            "Check",
            note,
            nameof(Reconciler.Core.Manifests.Kinds.VendorDefinition)
        );

    /// <summary>Records that a membership is stalled.</summary>
    public void Stalled(TrackedMembership tracked, string reason, string message) =>
        Once(tracked, tracked.Status.Latest, reason, "Resolve", message);

    /// <summary>Records what happened to a membership.</summary>
    public void Happened(ClusterResource resource, string reason, string action, string note) =>
        Record(resource, EventType.Normal, reason, action, note);

    /// <summary>Records what happened to a membership where somebody should look.</summary>
    public void Warned(ClusterResource resource, string reason, string action, string note) =>
        Record(resource, EventType.Warning, reason, action, note);

    // The annotation may stay in git for long, so each value of it is reported once.
    private void ReportAnnotation(TrackedMembership tracked, ClusterResource resource, ProjectReconcile reconcile)
    {
        var given = AnnotationUse.FitsNothing(reconcile) ? reconcile.Planned.Project.Approval : null;
        var isKnown = tracked.Update(s => (s with { UnfitApproval = given }, s.UnfitApproval == given));
        if (!isKnown && given is not null)
            Warned(
                resource,
                nameof(ApprovalFate.FitsNothing),
                "Approve",
                AnnotationUse.Of(reconcile, resource).TrimStart(';', ' ')
            );
    }

    private void Once(TrackedMembership tracked, ClusterResource resource, string reason, string action, string note)
    {
        var isKnown = tracked.Update(s => (s with { LastEvent = (reason, note) }, s.LastEvent == (reason, note)));
        if (isKnown)
            return;
        Record(resource, EventType.Warning, reason, action, note);
    }

    private void Record(
        ClusterResource resource,
        EventType type,
        string reason,
        string action,
        string note,
        string kind = "ProjectMembership"
    ) => recorder.Record(new(Reference(resource, kind), type, reason, action, TerminalText.Escape(note)));

    private static V1ObjectReference Reference(ClusterResource resource, string kind) =>
        new()
        {
            ApiVersion = "reconciler.dev/v1alpha1",
            Kind = resource.Kind ?? kind,
            // Events about what belongs to no namespace name none; the recorder chooses one.
            NamespaceProperty = resource.Metadata.NamespaceProperty,
            Name = resource.Metadata.Name,
            Uid = resource.Metadata.Uid,
        };

    private static string Action(ActionOutcome outcome) => outcome.Action.Kind.ToString();

    private static string Reason(ActionOutcome outcome) =>
        (outcome.Kind, outcome.Action.Kind) switch
        {
            (OutcomeKind.Manual, _) => "ManualStep",
            (OutcomeKind.Failed, var kind) => $"{kind}Failed",
            (_, ActionKind.Invite) => "Invited",
            (_, ActionKind.Update) => "Updated",
            (_, ActionKind.Replace) => "InvitedAnew",
            (_, ActionKind.Resend) => "Reminded",
            (_, ActionKind.Revoke) => outcome.Action.GivesUp ? "GaveUp" : "Revoked",
            _ => "Removed",
        };

    private static string Note(ActionOutcome outcome)
    {
        var text = ChangeText.Text(outcome.Action, outcome.Kind == OutcomeKind.Done);
        return outcome.Message is null ? text : $"{text}: {WithoutRequest(outcome.Message)}";
    }

    // The id of a request, which the log has, would make the same refusal a new one each time.
    private static string WithoutRequest(string message)
    {
        var at = message.IndexOf(" (request ", StringComparison.Ordinal);
        var end = at < 0 ? -1 : message.IndexOf(')', at);
        return end < 0 ? message : message.Remove(at, end - at + 1);
    }
}
