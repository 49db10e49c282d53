using k8s.Models;
using Reconciler.Core.Planning;
using Reconciler.Engine;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Events;
using Reconciler.Reports;

namespace Reconciler.Hosts.Operator;

/// <summary>Tells as Events what was done and what was refused. The same news is told once.</summary>
/// <param name="recorder">Writes them.</param>
internal sealed class OperatorEvents(EventRecorder recorder)
{
    /// <summary>More writes of one pass than this are told together: a first pass over thousands would drown everything else.</summary>
    private const int MostSingle = 25;

    /// <summary>A pass over a membership ended.</summary>
    public void OfPass(MembershipStatus record, ClusterResource seen, ProjectReconcile pass)
    {
        var told = pass
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Failed or OutcomeKind.Manual)
            .ToList();
        foreach (var outcome in told.Take(MostSingle))
            Tell(
                seen,
                outcome.Kind == OutcomeKind.Done ? EventType.Normal : EventType.Warning,
                Reason(outcome),
                Action(outcome),
                Note(outcome)
            );
        if (told.Count > MostSingle)
            Tell(
                seen,
                EventType.Normal,
                "Changed",
                "Apply",
                $"{told.Count - MostSingle} more changes; the operator's log has each"
            );
        if (pass.Planned.Plan?.Release is { } release && told.Count > 0)
            Tell(seen, EventType.Normal, "Released", "Approve", $"{release.By} released {release.Hold}, once");
        if (pass.Planned.Plan is { IsFree: true, LimitChange.Texts: { IsEmpty: false } texts })
        {
            Tell(
                seen,
                EventType.Warning,
                "LimitsLoosened",
                "Plan",
                $"{string.Join("; ", texts)}; the limits last applied counted in this pass"
            );
        }

        if (pass.Planned.Failure is { } failure)
            Once(record, seen, "Failed", "Plan", WithoutRequest(failure.Message));
        else if (pass.Planned.Plan is { IsFree: false } held)
            Once(
                record,
                seen,
                "Held",
                "Plan",
                $"{string.Join("; ", held.Holds.Select(h => h.Message))} ({held.HeldDigest}){StatusText.Unused(pass)}"
            );
        else if (pass.Trouble is { } trouble)
            Once(record, seen, "Failed", "Plan", trouble);
        else
            record.LastNews = null;
    }

    /// <summary>What became of an Approval.</summary>
    public void OfApproval(ClusterResource approval, ApprovalFate fate, string note)
    {
        var isGood = fate is ApprovalFate.Releases or ApprovalFate.Waits;
        Tell(approval, isGood ? EventType.Normal : EventType.Warning, fate.ToString(), "Approve", note, "Approval");
    }

    /// <summary>A membership is stalled.</summary>
    public void Stalled(MembershipStatus record, string reason, string message) =>
        Once(record, record.Latest, reason, "Resolve", message);

    /// <summary>Something happened to a membership.</summary>
    public void Happened(ClusterResource resource, string reason, string action, string note) =>
        Tell(resource, EventType.Normal, reason, action, note);

    /// <summary>Something happened to a membership that somebody should look at.</summary>
    public void Warned(ClusterResource resource, string reason, string action, string note) =>
        Tell(resource, EventType.Warning, reason, action, note);

    private void Once(MembershipStatus record, ClusterResource resource, string reason, string action, string note)
    {
        if (record.LastNews == (reason, note))
            return;
        record.LastNews = (reason, note);
        Tell(resource, EventType.Warning, reason, action, note);
    }

    private void Tell(
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
            NamespaceProperty = resource.Namespace,
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
        var text = StatusText.Text(outcome.Action, outcome.Kind == OutcomeKind.Done);
        return outcome.Message is null ? text : $"{text}: {WithoutRequest(outcome.Message)}";
    }

    // Each request has an id of its own, by which the same refusal would be told as something new each time. The log has it.
    private static string WithoutRequest(string message)
    {
        var at = message.IndexOf(" (request ", StringComparison.Ordinal);
        var end = at < 0 ? -1 : message.IndexOf(')', at);
        return end < 0 ? message : message.Remove(at, end - at + 1);
    }
}
