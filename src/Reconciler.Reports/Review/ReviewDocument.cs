using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>
/// A review as JSON. The shape is documented in docs/access-review.md;
/// a change that breaks readers changes the version.
/// </summary>
/// <param name="Version">Names the shape: <c>reconciler.dev/access-review/v1</c>.</param>
/// <param name="At">Time at which the projects were read.</param>
/// <param name="By">How rows are grouped: <c>person</c>, <c>project</c> or <c>provider</c>.</param>
/// <param name="History">Whether there is an audit trail; without one nobody knows since when access exists.</param>
/// <param name="Provenance">Who made it, from which manifests.</param>
/// <param name="Totals">Counts over all rows and projects.</param>
/// <param name="Projects">Every project, also those that were not read.</param>
/// <param name="Rows">Accounts, invitations and absent people, in the order of their grouping.</param>
public sealed record ReviewDocument(
    string Version,
    DateTimeOffset At,
    string By,
    bool History,
    ReviewDocumentProvenance? Provenance,
    ReviewDocumentTotals Totals,
    IReadOnlyList<ReviewDocumentProject> Projects,
    IReadOnlyList<ReviewDocumentRow> Rows
)
{
    internal const string CurrentVersion = "reconciler.dev/access-review/v1";

    /// <summary>Builds the document of a review, in the review's order.</summary>
    public static ReviewDocument Of(AccessReview review) =>
        new(
            CurrentVersion,
            review.At,
            Word(review.By),
            review.HasHistory,
            review.Provenance is { } provenance ? ReviewDocumentProvenance.Of(provenance) : null,
            ReviewDocumentTotals.Of(new(review)),
            [.. review.Projects.Select(ReviewDocumentProject.Of)],
            [.. review.Rows.Select(ReviewDocumentRow.Of)]
        );

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, ReviewJson.Readable.ReviewDocument));

    /// <summary>Serializes the document in one line, in which nothing can end the script element around it.</summary>
    internal string ToScriptData() =>
        JsonText.Spelled(JsonSerializer.Serialize(this, ReviewJson.ForScripts.ReviewDocument));

    internal static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>Counts of a review.</summary>
/// <param name="People">Number of people; each counts once, in however many projects.</param>
/// <param name="Projects">Number of projects that were read.</param>
/// <param name="Providers">Number of AccessProviders with a project that was read.</param>
/// <param name="Memberships">Number of memberships: a person in two projects has two.</param>
/// <param name="Admins">Number of memberships that administer their project.</param>
/// <param name="Invited">Number of invitations that wait for an answer.</param>
/// <param name="Absent">Number of declared people who are neither member nor invited, counted by project.</param>
/// <param name="Unmanaged">Number of memberships and invitations that no manifest declares and that stay.</param>
/// <param name="Leaving">Number of memberships and invitations that the next apply takes away.</param>
/// <param name="LeavingHeld">Number that a limit or dry run keeps from being taken away; not part of Leaving.</param>
/// <param name="LeftAlone">Number that is not managed: ignored, protected, or machine accounts.</param>
/// <param name="EndingSoon">Number of rows whose access ends within 30 days.</param>
/// <param name="LongestWaitDays">Longest wait of an invitation, in whole days; null if none waits.</param>
/// <param name="Failed">Number of projects that could not be read.</param>
/// <param name="Suspended">Number of projects that are not read, since their manifest suspends them.</param>
/// <param name="Gone">Number of projects that no manifest declares any more and that were not read.</param>
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

/// <summary>A project of a review, and whether it was read.</summary>
/// <param name="Name">Namespace and name of the ProjectMembership.</param>
/// <param name="Provider">Namespace and name of the AccessProvider; empty if there is none any more.</param>
/// <param name="Vendor">Type of the vendor, such as <c>gorules</c>.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="VendorName">The vendor's name of the project; null if not read, or if the API does not tell.</param>
/// <param name="Reading">One of <c>read</c>, <c>failed</c>, <c>suspended</c>, <c>orphaned</c>, <c>stranded</c>.</param>
/// <param name="Message">Why the project was not read, in words; null if it was.</param>
/// <param name="Permits">What the roles or groups of its rows permit, as far as the vendor tells.</param>
public sealed record ReviewDocumentProject(
    string Name,
    string Provider,
    string Vendor,
    string ProjectId,
    string? VendorName,
    string Reading,
    string? Message,
    IReadOnlyList<ReviewDocumentMeaning> Permits
)
{
    internal static ReviewDocumentProject Of(ReviewProject p) =>
        new(
            p.Document,
            p.Provider,
            p.Vendor,
            p.ProjectId,
            p.VendorName,
            ReviewDocument.Word(p.Reading),
            p.Message,
            [.. p.Meanings.Select(ReviewDocumentMeaning.Of)]
        );
}

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

    // The default encoder escapes <, >, & and everything outside ASCII.
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
