using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Resolving;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>A plan as JSON. The shape is documented in docs/reference/plan-json.md; a change that breaks readers changes the version.</summary>
public sealed record PlanDocument(
    string Version,
    DateTimeOffset At,
    string Digest,
    bool OwnershipRecord,
    PlanCounts Summary,
    IReadOnlyList<PlanDocumentProject> Projects,
    IReadOnlyList<PlanDocumentDeleted> Deleted
)
{
    internal const string CurrentVersion = "reconciler.dev/plan/v1";

    public static PlanDocument Of(RunPlan plan) =>
        new(
            CurrentVersion,
            plan.At,
            plan.Digest,
            plan.HasOwnershipRecord,
            PlanCounts.Of(new PlanSummary(plan)),
            [.. plan.Projects.Select(PlanDocumentProject.Of)],
            PlanDocumentDeleted.Of(plan.Deleted)
        );

    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, PlanJson.Default.PlanDocument));
}

public sealed record PlanCounts(
    int Projects,
    int Read,
    int ProjectsWithChanges,
    int Failed,
    int Suspended,
    int Held,
    int Invite,
    int Update,
    int Replace,
    int Resend,
    int Revoke,
    int Remove,
    int Removals,
    int Converged,
    int Memberships,
    int NotJudged,
    int LeftAlone,
    IReadOnlyDictionary<string, int> Findings
)
{
    /// <summary>What a limit holds, by kind; not counted above.</summary>
    public required IReadOnlyDictionary<string, int> HeldActions { get; init; }

    /// <summary>What is only shown, by kind, since its project has <c>dryRun</c>; not counted above.</summary>
    public required IReadOnlyDictionary<string, int> DryRunActions { get; init; }

    internal static PlanCounts Of(PlanSummary s) =>
        new(
            s.Projects,
            s.Read,
            s.ProjectsWithChanges,
            s.Failed,
            s.Suspended,
            s.Held,
            s.Of(ActionKind.Invite),
            s.Of(ActionKind.Update),
            s.Of(ActionKind.Replace),
            s.Of(ActionKind.Resend),
            s.Of(ActionKind.Revoke),
            s.Of(ActionKind.Remove),
            s.Removals,
            s.Converged,
            s.Memberships,
            s.NotJudged,
            s.LeftAlone,
            Enum.GetValues<FindingKind>().ToDictionary(PlanDocumentFinding.Name, s.Of)
        )
        {
            HeldActions = ByKind(s.HeldOf),
            DryRunActions = ByKind(s.DryRunOf),
        };

    private static Dictionary<string, int> ByKind(Func<ActionKind, int> count) =>
        Enum.GetValues<ActionKind>().ToDictionary(k => k.ToString().ToLowerInvariant(), count);
}

public sealed record PlanDocumentProject(
    string Name,
    string Provider,
    string Vendor,
    string ProjectId,
    string? VendorName,
    string State,
    string? Error,
    string? Digest,
    bool DryRun,
    string? Hold,
    string? ReleasedBy,
    IReadOnlyList<PlanDocumentHold> Holds,
    IReadOnlyList<string> Loosened,
    IReadOnlyList<PlanDocumentAction> Actions,
    IReadOnlyList<PlanDocumentFinding> Findings
)
{
    internal static PlanDocumentProject Of(PlannedProject p) =>
        new(
            p.Project.Id,
            p.Project.Provider.Id,
            p.Project.Provider.Vendor.Type,
            p.Project.ProjectId,
            p.Plan?.Live.Name,
            StateOf(p),
            p.Failure?.Message,
            p.Plan?.Digest,
            p.Project.DryRun,
            p.Plan?.HeldDigest,
            p.Plan?.Release?.By,
            [
                .. p.Plan?.Holds.Select(h => new PlanDocumentHold(h.Scope.ToString().ToLowerInvariant(), h.Message))
                    ?? [],
            ],
            [.. p.Plan?.LimitChange.Texts ?? []],
            [.. p.Plan?.Actions.Select(a => PlanDocumentAction.Of(a, p.Project.DryRun || p.Plan.IsHeld(a))) ?? []],
            [.. p.Plan?.Findings.Select(PlanDocumentFinding.Of) ?? []]
        );

    private static string StateOf(PlannedProject p) =>
        p switch
        {
            { Failure: not null } => "failed",
            { Plan: null } => "suspended",
            { Plan.IsFree: false } => "held",
            { Plan.Actions.IsEmpty: true } => "converged",
            _ => "changes",
        };
}

public sealed record PlanDocumentDeleted(string Name, string ProjectId, string Outcome)
{
    internal static IReadOnlyList<PlanDocumentDeleted> Of(DeletedProjects deleted) =>
        [.. deleted.Orphaned.Select(d => Of(d, "orphaned")), .. deleted.Stranded.Select(d => Of(d, "stranded"))];

    private static PlanDocumentDeleted Of(StoredLedger deleted, string outcome) =>
        new(deleted.Ledger!.Applied!.Document, deleted.Key.ProjectId, outcome);
}

public sealed record PlanDocumentHold(string Scope, string Message);

public sealed record PlanDocumentAction(
    string Action,
    string Phase,
    string Email,
    string Person,
    string Reason,
    IReadOnlyList<PlanDocumentGrant>? Access,
    IReadOnlyList<PlanDocumentGrant> Added,
    IReadOnlyList<PlanDocumentGrant> Removed,
    bool CountsAsRemoval,
    bool Held,
    string? Note,
    IReadOnlyList<string> Declared
)
{
    internal static PlanDocumentAction Of(PlannedAction a, bool held) =>
        new(
            a.Kind.ToString().ToLowerInvariant(),
            a.Phase.ToString().ToLowerInvariant(),
            a.Email,
            a.Person.Label,
            a.Reason,
            a.Access is null ? null : PlanDocumentGrant.Of(a.Access.Grants),
            PlanDocumentGrant.Of(a.Added),
            PlanDocumentGrant.Of(a.Removed),
            a.CountsAsRemoval,
            held,
            a.Note,
            [.. a.Declared.Select(d => d.ToString())]
        );
}

public sealed record PlanDocumentGrant(string Field, string Word)
{
    internal static IReadOnlyList<PlanDocumentGrant> Of(Reconciler.Core.Membership.Access access) =>
        [.. access.Grants.Select(g => new PlanDocumentGrant(g.Field, g.Word))];
}

public sealed record PlanDocumentFinding(string Kind, string Person, string Message)
{
    internal static PlanDocumentFinding Of(Finding f) => new(Name(f.Kind), f.Person, f.Message);

    public static string Name(FindingKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}

// Addresses and names stay readable: the text goes to files and pipes, and never into a page as it is.
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlanDocument))]
internal sealed partial class PlanJsonContext : JsonSerializerContext;

internal static class PlanJson
{
    public static PlanJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(PlanJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
