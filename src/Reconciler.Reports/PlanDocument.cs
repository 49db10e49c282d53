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

/// <summary>
/// A plan as JSON. The shape is documented in docs/reference/plan-json.md;
/// a change that breaks readers changes the version.
/// </summary>
/// <param name="Version">Names the shape: <c>reconciler.dev/plan/v1</c>.</param>
/// <param name="At">Time of the run, which decides what has expired.</param>
/// <param name="Digest">Names exactly this plan: <c>sha256:</c> and 64 hex digits.</param>
/// <param name="OwnershipRecord">Whether the state or a baseline says whom Reconciler granted access.</param>
/// <param name="Summary">Counts over all projects.</param>
/// <param name="Projects">Every project by provider and name; then deleted projects whose access is revoked.</param>
/// <param name="Deleted">Other projects that no manifest declares any more.</param>
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

    /// <summary>Builds the document of a plan, with every project and its actions.</summary>
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

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, PlanJson.Default.PlanDocument));
}

/// <summary>Counts of a plan; actions by kind are those that apply would do now.</summary>
/// <param name="Projects">Number of declared projects, and of deleted ones whose access is revoked.</param>
/// <param name="Read">Number of projects that were read; nothing is known of the others.</param>
/// <param name="ProjectsWithChanges">Number of projects that apply would change now.</param>
/// <param name="Failed">Number of projects that could not be read.</param>
/// <param name="Suspended">Number of projects that are not read, since their manifest suspends them.</param>
/// <param name="Held">Number of projects where a limit holds the plan or a part of it.</param>
/// <param name="Invite">Number of people to invite or add, counted by project.</param>
/// <param name="Update">Number of members whose access changes.</param>
/// <param name="Replace">Number of invitations to revoke and send anew.</param>
/// <param name="Resend">Number of invitations whose mail is sent again.</param>
/// <param name="Revoke">Number of invitations to revoke.</param>
/// <param name="Remove">Number of members to remove.</param>
/// <param name="Removals">Number of people, by project, who would lose access, an invitation or administration.</param>
/// <param name="Converged">Number of people with the declared access in a project; each counts once.</param>
/// <param name="Memberships">Number of memberships that are as declared: a person in two projects has two.</param>
/// <param name="NotJudged">Number of undeclared people of whom no record says whether Reconciler invited them.</param>
/// <param name="LeftAlone">Number of people not managed: ignored or machine accounts; each counts once.</param>
/// <param name="Findings">Number of findings by kind, such as <c>waiting</c>; every kind is there.</param>
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

/// <summary>A project of a plan: what was read, what apply would do, and what holds it.</summary>
/// <param name="Name">Namespace and name of the ProjectMembership.</param>
/// <param name="Provider">Namespace and name of the AccessProvider.</param>
/// <param name="Vendor">Type of the vendor, such as <c>gorules</c>.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="VendorName">The vendor's name of the project; null if not read, or if the API does not tell.</param>
/// <param name="State">One of <c>converged</c>, <c>changes</c>, <c>held</c>, <c>failed</c>, <c>suspended</c>.</param>
/// <param name="Error">Why the project could not be read; null if it was, or is suspended.</param>
/// <param name="Digest">Names exactly this project's plan, without its reminders; null if there is no plan.</param>
/// <param name="DryRun">Whether the manifest lets the plan only be shown, never applied.</param>
/// <param name="Hold">Digest that an approval has to name, <c>hold:sha256:…</c>; null if nothing is held.</param>
/// <param name="ReleasedBy">Who or what approves the held plan, once; null if nothing does.</param>
/// <param name="Holds">Limits that the plan would exceed; empty if there are none.</param>
/// <param name="Loosened">Last applied limits that the manifests loosen, in words; they still judge this plan.</param>
/// <param name="Actions">What apply would do, in its order.</param>
/// <param name="Findings">What was noticed and needs no write, or has no way to be written.</param>
/// <param name="NotManaged">Who is in the project and not managed: ignored, protected, or a machine account.</param>
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
    IReadOnlyList<PlanDocumentFinding> Findings,
    IReadOnlyList<PlanDocumentNotManaged> NotManaged
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
            [.. p.Plan?.Findings.Select(PlanDocumentFinding.Of) ?? []],
            [.. p.Plan?.NotManaged.Select(PlanDocumentNotManaged.Of) ?? []]
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

/// <summary>A project that no manifest declares any more, and that this plan does not change.</summary>
/// <param name="Name">Namespace and name of the deleted ProjectMembership.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="Outcome">
/// <c>orphaned</c>: access stays; <c>stranded</c>: no AccessProvider can revoke it; <c>renamed</c>: access stays, since
/// a connection of another type leads to the same project.
/// </param>
public sealed record PlanDocumentDeleted(string Name, string ProjectId, string Outcome)
{
    internal static IReadOnlyList<PlanDocumentDeleted> Of(DeletedProjects deleted) =>
        [
            .. deleted.Orphaned.Select(d => Of(d, "orphaned")),
            .. deleted.Unreachable.Select(d => Of(d, "stranded")),
            .. deleted.Renamed.Select(d => Of(d, "renamed")),
        ];

    private static PlanDocumentDeleted Of(StoredLedger deleted, string outcome) =>
        new(deleted.Ledger!.Applied!.Document, deleted.Key.ProjectId, outcome);
}

/// <summary>A limit that the plan would exceed, and what is held because of it.</summary>
/// <param name="Scope">
/// What is held: <c>plan</c>, <c>removals</c>, <c>removalsandmails</c>, <c>invitations</c> or <c>person</c>.
/// </param>
/// <param name="Message">Which limit it is, by how much the plan exceeds it, and who states it.</param>
public sealed record PlanDocumentHold(string Scope, string Message);

// Addresses and names stay readable, since the text goes to files and pipes, and never unescaped into a page.
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
