using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Explaining;
using Reconciler.Core.Membership;
using Reconciler.Engine.Explaining;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Reports.Explaining;

/// <summary>
/// An explanation as JSON. The shape is documented in docs/reference/explain-json.md;
/// a change that breaks readers changes the version.
/// </summary>
/// <param name="Version">Names the shape: <c>reconciler.dev/explain/v1</c>.</param>
/// <param name="At">Time of the run.</param>
/// <param name="Email">Address that was asked for.</param>
/// <param name="OtherAddresses">The person's other addresses, by the Persons that have the address asked for.</param>
/// <param name="Persons">Namespaces and names of these Persons.</param>
/// <param name="Found">Whether the person was found anywhere.</param>
/// <param name="Offline">Whether only manifests and state were read.</param>
/// <param name="History">Whether there is an audit trail; without one nobody knows since when access exists.</param>
/// <param name="LookedAt">Number of projects that were looked at.</param>
/// <param name="Accesses">Accounts, invitations and declarations of the person.</param>
/// <param name="Mentions">Manifest lines that name the person and give no access.</param>
/// <param name="NotRead">Projects that were not read.</param>
/// <param name="Similar">Near addresses, where the person was found nowhere.</param>
public sealed record ExplainDocument(
    string Version,
    DateTimeOffset At,
    string Email,
    IReadOnlyList<string> OtherAddresses,
    IReadOnlyList<string> Persons,
    bool Found,
    bool Offline,
    bool History,
    int LookedAt,
    IReadOnlyList<ExplainDocumentAccess> Accesses,
    IReadOnlyList<OffboardReference> Mentions,
    IReadOnlyList<ReviewDocumentProject> NotRead,
    IReadOnlyList<string> Similar
)
{
    internal const string CurrentVersion = "reconciler.dev/explain/v1";

    /// <summary>Builds the document of an explanation.</summary>
    public static ExplainDocument Of(Explanation e) =>
        new(
            CurrentVersion,
            e.At,
            e.Subject.Email,
            e.Subject.OtherAddresses,
            e.Subject.Persons,
            e.IsFound,
            e.IsOffline,
            e.HasHistory,
            e.LookedAt,
            [.. e.Accesses.Select(a => ExplainDocumentAccess.Of(a, e.IsOffline))],
            [.. e.Mentions.Select(OffboardReference.Of)],
            [.. e.NotRead.Select(ReviewDocumentProject.Of)],
            e.Similar
        );

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, ExplainJson.Default.ExplainDocument));
}

/// <summary>The person's access in one project.</summary>
/// <param name="Provider">Namespace and name of the AccessProvider.</param>
/// <param name="Vendor">Type of the vendor, such as <c>gorules</c>.</param>
/// <param name="Project">Namespace and name of the ProjectMembership.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="ProjectName">The vendor's name of the project; null if the API does not tell.</param>
/// <param name="State">At the vendor: <c>member</c>, <c>invited</c>, <c>absent</c>; <c>unknown</c> offline.</param>
/// <param name="Standing">In manifests: <c>declared</c>, <c>unmanaged</c>, <c>leaving</c> or <c>leftAlone</c>.</param>
/// <param name="NotManaged">Why the person is not managed; null if they are.</param>
/// <param name="Name">The person's name at the vendor; null if it does not tell, or with masked addresses.</param>
/// <param name="Account">Address that the vendor has; empty if it has none.</param>
/// <param name="Grants">What the person has; if absent or offline, what is declared.</param>
/// <param name="Permits">What the roles or groups among the grants permit, as far as the vendor tells.</param>
/// <param name="Admin">Whether this access administers the project.</param>
/// <param name="Owned">Whether Reconciler granted the access, or found it as declared.</param>
/// <param name="Paths">The ways by which the manifests give the access.</param>
/// <param name="Since">When Reconciler invited or added the person; null if the audit trail does not say.</param>
/// <param name="ChangedAt">When Reconciler last changed the access; null if it never did.</param>
/// <param name="Plan">Digest of the plan that last changed it; null if the audit trail does not say.</param>
/// <param name="Until">First moment without access; null if the access does not end.</param>
/// <param name="Reason">Why the person has access, or loses it, as the manifests say; null if they do not.</param>
/// <param name="InvitedAt">When the pending invitation was made; null if none waits.</param>
/// <param name="InvitedBy">Who sent the pending invitation; null if the vendor does not tell.</param>
/// <param name="NextApply">What the next apply does; empty for nothing, and offline.</param>
/// <param name="Findings">What was noticed about the person in the project.</param>
public sealed record ExplainDocumentAccess(
    string Provider,
    string Vendor,
    string Project,
    string ProjectId,
    string? ProjectName,
    string State,
    string Standing,
    string? NotManaged,
    string? Name,
    string Account,
    IReadOnlyList<PlanDocumentGrant> Grants,
    IReadOnlyList<ReviewDocumentMeaning> Permits,
    bool Admin,
    bool Owned,
    IReadOnlyList<ExplainDocumentPath> Paths,
    DateTimeOffset? Since,
    DateTimeOffset? ChangedAt,
    string? Plan,
    DateTimeOffset? Until,
    string? Reason,
    DateTimeOffset? InvitedAt,
    string? InvitedBy,
    IReadOnlyList<ExplainDocumentAction> NextApply,
    IReadOnlyList<ReviewDocumentFinding> Findings
)
{
    internal static ExplainDocumentAccess Of(ExplainedAccess access, bool isOffline)
    {
        var r = access.Row;
        return new(
            r.Project.Provider,
            r.Project.Vendor,
            r.Project.Document,
            r.Project.ProjectId,
            r.Project.VendorName,
            isOffline ? "unknown" : ReviewDocument.Word(r.State),
            ReviewDocument.Word(r.Standing),
            r.WhyNotManaged,
            r.Name,
            r.Account,
            PlanDocumentGrant.Of(r.Access),
            [.. access.Meanings.Select(ReviewDocumentMeaning.Of)],
            r.Admin,
            r.Owned,
            [.. access.Paths.Select(ExplainDocumentPath.Of)],
            r.Since,
            r.ChangedAt,
            r.Plan.Length == 0 ? null : r.Plan,
            r.Until,
            r.Reason,
            r.InvitedAt,
            r.InvitedBy,
            [.. access.Next.Select(ExplainDocumentAction.Of)],
            [.. r.Findings.Select(f => new ReviewDocumentFinding(PlanDocumentFinding.Name(f.Kind), f.Message))]
        );
    }
}

/// <summary>One way by which the manifests give the access.</summary>
/// <param name="Steps">The entries on the way: the project's first, then those of teams.</param>
/// <param name="Role">Name of the AccessRole; null if the access is spelled out.</param>
/// <param name="ExpiresAt">The earliest end on the way; null if none ends.</param>
/// <param name="Reason">Reason in the entries; null if they state none.</param>
public sealed record ExplainDocumentPath(
    IReadOnlyList<ExplainDocumentStep> Steps,
    string? Role,
    DateTimeOffset? ExpiresAt,
    string? Reason
)
{
    internal static ExplainDocumentPath Of(AccessPath p) =>
        new([.. p.Steps.Select(s => new ExplainDocumentStep(s.At.ToString(), s.Team))], p.Role, p.ExpiresAt, p.Reason);
}

/// <summary>One entry on the way to the person.</summary>
/// <param name="At">Where it is, as <c>path:line:column</c>.</param>
/// <param name="Team">The team that it names; null if it names the person.</param>
public sealed record ExplainDocumentStep(string At, string? Team);

/// <summary>One action of the next apply.</summary>
/// <param name="Action">Kind of action, such as <c>remove</c>.</param>
/// <param name="Reason">Why the change is needed, in words.</param>
/// <param name="Added">Access that the person gains; empty for none.</param>
/// <param name="Removed">Access that the person loses; empty for none.</param>
/// <param name="HeldBy">What keeps it from being applied, in words; empty if it is applied.</param>
/// <param name="RemovedBy">The commit that took the person's entry out; null if git does not tell.</param>
public sealed record ExplainDocumentAction(
    string Action,
    string Reason,
    IReadOnlyList<PlanDocumentGrant> Added,
    IReadOnlyList<PlanDocumentGrant> Removed,
    IReadOnlyList<string> HeldBy,
    PlanDocumentCommit? RemovedBy
)
{
    internal static ExplainDocumentAction Of(ExplainedAction e) =>
        new(
            e.Action.Kind.ToString().ToLowerInvariant(),
            e.Action.Reason,
            PlanDocumentGrant.Of(e.Action.Added),
            PlanDocumentGrant.Of(e.Action.Removed),
            e.HeldBy,
            PlanDocumentCommit.Of(e.Action.RemovedBy)
        );
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExplainDocument))]
internal sealed partial class ExplainJsonContext : JsonSerializerContext;

internal static class ExplainJson
{
    public static ExplainJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(ExplainJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
