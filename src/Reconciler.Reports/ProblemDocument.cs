using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Core.Manifests;

namespace Reconciler.Reports;

/// <summary>What validate found, as JSON. The shape is documented in docs/reference/problems-json.md; a change that breaks readers changes the version.</summary>
public sealed record ProblemDocument(
    string Version,
    bool Valid,
    ProblemCounts Summary,
    IReadOnlyList<ProblemDocumentItem> Problems
)
{
    internal const string CurrentVersion = "reconciler.dev/problems/v1";

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

    public string ToJson() => JsonText.Visible(JsonSerializer.Serialize(this, ProblemJson.Default.ProblemDocument));
}

public sealed record ProblemCounts(
    int Errors,
    int Warnings,
    int Documents,
    int Projects,
    int People,
    int Memberships,
    int Skipped
);

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
