using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Manifests;

namespace Reconciler.Reports;

/// <summary>
/// What validate found, as JSON. The shape is documented in docs/reference/problems-json.md;
/// a change that breaks readers changes the version.
/// </summary>
/// <param name="Version">Names the shape: <c>reconciler.dev/problems/v1</c>.</param>
/// <param name="Valid">Whether no problem is an error; warnings are allowed.</param>
/// <param name="Summary">Counts of problems and manifests.</param>
/// <param name="Problems">Every problem, ordered by file, line and column.</param>
public sealed record ProblemDocument(
    string Version,
    bool Valid,
    ProblemCounts Summary,
    IReadOnlyList<ProblemDocumentItem> Problems
)
{
    internal const string CurrentVersion = "reconciler.dev/problems/v1";

    /// <summary>Builds the document of a validation; problems keep their order.</summary>
    /// <param name="problems">Errors and warnings.</param>
    /// <param name="documents">Number of documents that were read.</param>
    /// <param name="projects">Number of ProjectMemberships.</param>
    /// <param name="people">Number of declared people; each counts once.</param>
    /// <param name="memberships">Number of declared memberships: a person in two projects has two.</param>
    /// <param name="skipped">Number of documents of other kinds, which were skipped.</param>
    public static ProblemDocument Of(
        IReadOnlyList<Problem> problems,
        int documents,
        int projects,
        int people,
        int memberships,
        int skipped
    )
    {
        var errors = problems.Count(p => p.Severity == Severity.Error);
        return new(
            CurrentVersion,
            errors == 0,
            new(errors, problems.Count - errors, documents, projects, people, memberships, skipped),
            [.. problems.Select(ProblemDocumentItem.Of)]
        );
    }

    /// <summary>Serializes the document as indented JSON; hidden characters are written as escapes.</summary>
    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, ProblemJson.Default.ProblemDocument));
}

/// <summary>Counts of a validation.</summary>
/// <param name="Errors">Number of problems that make the manifests invalid.</param>
/// <param name="Warnings">Number of problems that do not.</param>
/// <param name="Documents">Number of documents that were read.</param>
/// <param name="Projects">Number of ProjectMemberships.</param>
/// <param name="People">Number of declared people; each counts once.</param>
/// <param name="Memberships">Number of declared memberships: a person in two projects has two.</param>
/// <param name="Skipped">Number of documents of other kinds, which were skipped.</param>
public sealed record ProblemCounts(
    int Errors,
    int Warnings,
    int Documents,
    int Projects,
    int People,
    int Memberships,
    int Skipped
);

/// <summary>A problem in a manifest or an option.</summary>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="File">File as it was named, or an option such as <c>--guardrails</c>.</param>
/// <param name="Line">Line in the file, from 1; null if the problem has no line.</param>
/// <param name="Column">Column in the line, from 1; null if the problem has no line.</param>
/// <param name="Field">Path of the field, such as <c>spec.members[2].email</c>; null if it is about none.</param>
/// <param name="Message">What is wrong, what was expected, and a suggestion if there is one.</param>
public sealed record ProblemDocumentItem(
    string Severity,
    string File,
    int? Line,
    int? Column,
    string? Field,
    string Message
)
{
    internal static ProblemDocumentItem Of(Problem p) =>
        new(
            p.Severity.ToString().ToLowerInvariant(),
            p.Position.Path,
            p.Position.Line == 0 ? null : p.Position.Line,
            p.Position.Line == 0 ? null : p.Position.Column,
            p.Field.Length == 0 ? null : p.Field,
            p.Message
        );
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJsonContext : JsonSerializerContext;

internal static class ProblemJson
{
    public static ProblemJsonContext Default { get; } =
        new(
            new JsonSerializerOptions(ProblemJsonContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
