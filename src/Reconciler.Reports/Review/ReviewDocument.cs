using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>A review as JSON. The shape is documented in docs/access-review.md; a change that breaks readers changes the version.</summary>
public sealed record ReviewDocument(
    string Version,
    DateTimeOffset At,
    string By,
    bool History,
    ReviewDocumentTotals Totals,
    IReadOnlyList<ReviewDocumentProject> Projects,
    IReadOnlyList<ReviewDocumentRow> Rows
)
{
    internal const string CurrentVersion = "reconciler.dev/access-review/v1";

    public static ReviewDocument Of(AccessReview review) =>
        new(
            CurrentVersion,
            review.At,
            Word(review.By),
            review.HasHistory,
            ReviewDocumentTotals.Of(new(review)),
            [.. review.Projects.Select(ReviewDocumentProject.Of)],
            [.. review.Rows.Select(ReviewDocumentRow.Of)]
        );

    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, ReviewJson.Readable.ReviewDocument));

    /// <summary>The same in one line, in which nothing can end the script element around it.</summary>
    internal string ToScriptData() =>
        JsonText.Spelled(JsonSerializer.Serialize(this, ReviewJson.ForScripts.ReviewDocument));

    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

public sealed record ReviewDocumentTotals(
    int People,
    int Projects,
    int Providers,
    int Memberships,
    int Admins,
    int Invited,
    int Absent,
    int Unmanaged,
    int Leaving,
    int LeavingHeld,
    int LeftAlone,
    int EndingSoon,
    int? LongestWaitDays,
    int Failed,
    int Suspended,
    int Gone
)
{
    internal static ReviewDocumentTotals Of(ReviewTotals t) =>
        new(
            t.People,
            t.Projects,
            t.Providers,
            t.Members,
            t.Admins,
            t.Invited,
            t.Absent,
            t.Unmanaged,
            t.Leaving,
            t.LeavingHeld,
            t.LeftAlone,
            t.EndingSoon,
            t.LongestWaitDays,
            t.Failed,
            t.Suspended,
            t.Gone
        );
}

public sealed record ReviewDocumentProject(
    string Name,
    string Provider,
    string Vendor,
    string ProjectId,
    string? VendorName,
    string Reading,
    string? Message
)
{
    internal static ReviewDocumentProject Of(ReviewProject p) =>
        new(p.Document, p.Provider, p.Vendor, p.ProjectId, p.VendorName, ReviewDocument.Word(p.Reading), p.Message);
}

public sealed record ReviewDocumentRow(
    string Person,
    string Account,
    string Provider,
    string Vendor,
    string Project,
    string ProjectId,
    string? ProjectName,
    string State,
    string Standing,
    string Access,
    IReadOnlyList<PlanDocumentGrant> Grants,
    bool Admin,
    bool Owned,
    DateTimeOffset? Since,
    DateTimeOffset? ChangedAt,
    DateTimeOffset? Until,
    string? Reason,
    IReadOnlyList<string> Declared,
    DateTimeOffset? InvitedAt,
    DateTimeOffset? LastMailAt,
    DateTimeOffset? CountingFrom,
    int Resends,
    int? WaitsDays,
    string NextApply,
    bool Held,
    IReadOnlyList<ReviewDocumentFinding> Findings,
    string? Plan
)
{
    internal static ReviewDocumentRow Of(ReviewRow r) =>
        new(
            r.Person,
            r.Account,
            r.Project.Provider,
            r.Project.Vendor,
            r.Project.Document,
            r.Project.ProjectId,
            r.Project.VendorName,
            ReviewDocument.Word(r.State),
            ReviewDocument.Word(r.Standing),
            r.Access.IsNone ? "" : r.Access.ToString(),
            PlanDocumentGrant.Of(r.Access),
            r.Admin,
            r.Owned,
            r.Since,
            r.ChangedAt,
            r.Until,
            r.Reason,
            r.Declared,
            r.InvitedAt,
            r.LastMailAt,
            r.CountingFrom,
            r.Resends,
            ReviewWords.Days(r.Waits),
            r.Change,
            r.Held,
            [.. r.Findings.Select(f => new ReviewDocumentFinding(PlanDocumentFinding.Name(f.Kind), f.Message))],
            r.Plan.Length == 0 ? null : r.Plan
        );
}

public sealed record ReviewDocumentFinding(string Kind, string Message);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReviewDocument))]
internal sealed partial class ReviewJsonContext : JsonSerializerContext;

internal static class ReviewJson
{
    public static ReviewJsonContext Readable { get; } =
        new(
            new JsonSerializerOptions(ReviewJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    // The default encoder spells out <, >, & and everything beyond ASCII.
    public static ReviewJsonContext ForScripts { get; } =
        new(
            new JsonSerializerOptions(ReviewJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.Default,
                WriteIndented = false,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            }
        );
}
