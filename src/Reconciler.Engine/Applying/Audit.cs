using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Recording;

namespace Reconciler.Engine.Applying;

/// <summary>Creates the entries of the audit trail.</summary>
public static class Audit
{
    internal static AuditEntry Of(ActionOutcome outcome, ProjectPlan plan, DateTimeOffset at)
    {
        var action = outcome.Action;
        return new(at, plan.Project.Key, plan.Project.Id, ActionWords.Of(action.Kind), OutcomeOf(outcome))
        {
            Person = action.Email.Length > 0 ? action.Email : action.Person.Label,
            Added = Text(action.Added),
            Removed = Text(action.Removed),
            Reason = action.Reason,
            Declared = string.Join(", ", action.Declared.Where(d => d.Line > 0)),
            Plan = plan.Digest,
            Definition = plan.Project.Provider.Vendor.DefinitionDigest,
            Message = outcome.Message ?? "",
            CountsAsRemoval = action.CountsAsRemoval,
            Approver = plan.Release?.By ?? "",
        };
    }

    /// <summary>
    /// Finds the manifest line that declares an action. Of several, the last one is the closest to the person.
    /// </summary>
    /// <remarks>
    /// The line; <see cref="Position.None"/> for a removal that follows from a deleted entry, since the document does
    /// not show who deleted the entry.
    /// </remarks>
    internal static Position LineOf(PlannedAction action, ProjectPlan plan)
    {
        if (action.Declared.IsEmpty)
            return Position.None;
        var line = action.Declared[^1];
        return line == plan.Project.Declared ? Position.None : line;
    }

    internal static AuditEntry Of(SettledIntent settled, ProjectPlan plan, DateTimeOffset at)
    {
        var intent = settled.Intent;
        return new(at, plan.Project.Key, plan.Project.Id, ActionWords.Of(intent.Kind), OutcomeOf(settled.Outcome))
        {
            Person = intent.Email.Length > 0 ? intent.Email : intent.PersonKey,
            Added = intent.Access is null ? "" : Text(intent.Access.Grants),
            Reason = intent.Reason,
            Plan = intent.Plan,
            Definition = intent.Definition,
            Message =
                settled.Outcome == SettledOutcome.Accepted
                    ? "the person accepted before it arrived; the run that sent it ended before it could note that"
                    : "the run that sent it ended before it could note the outcome",
            CountsAsRemoval = intent.CountsAsRemoval,
        };
    }

    internal static AuditEntry Of(Release release, ProjectPlan plan, DateTimeOffset at) =>
        new(at, plan.Project.Key, plan.Project.Id, "approve", AuditOutcome.Done)
        {
            Approver = release.By,
            Reason = $"released by {release.By}: {string.Join("; ", plan.Holds.Select(h => h.Message))}",
            Plan = plan.Digest,
            Definition = plan.Project.Provider.Vendor.DefinitionDigest,
            Message = release.Hold,
        };

    /// <summary>Creates the entry for a project whose manifest is deleted and whose people keep their access.</summary>
    /// <param name="orphan">
    /// The stored ledger of the project; it must name the place where the project was last declared.
    /// </param>
    /// <param name="at">The time when the deletion was noticed.</param>
    public static AuditEntry OfOrphan(StoredLedger orphan, DateTimeOffset at) =>
        new(at, orphan.Key, orphan.Ledger!.Applied!.Document, "orphan", AuditOutcome.Done)
        {
            Reason = "the manifest was deleted; deletionPolicy: orphan, so everybody keeps their access",
        };

    private static AuditOutcome OutcomeOf(ActionOutcome outcome) =>
        outcome switch
        {
            { Kind: OutcomeKind.Done } => AuditOutcome.Done,
            { Kind: OutcomeKind.Manual } => AuditOutcome.Manual,
            { Kind: OutcomeKind.Overtaken } => AuditOutcome.Overtaken,
            { IsOpen: true } => AuditOutcome.Unknown,
            { IsPartlyDone: true } => AuditOutcome.PartlyDone,
            _ => AuditOutcome.Failed,
        };

    private static AuditOutcome OutcomeOf(SettledOutcome outcome) =>
        outcome switch
        {
            SettledOutcome.Done => AuditOutcome.SettledDone,
            SettledOutcome.PartlyDone => AuditOutcome.PartlyDone,
            _ => AuditOutcome.SettledNotDone,
        };

    private static string Text(Reconciler.Core.Membership.Access access) => access.IsNone ? "" : access.ToString();
}
