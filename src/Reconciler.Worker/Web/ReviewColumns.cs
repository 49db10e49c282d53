using Reconciler.Engine.Reviews;

namespace Reconciler.Worker.Web;

/// <summary>Which columns a table of a review has: one that would be empty in every row is left out.</summary>
/// <param name="Until">Whether any access ends.</param>
/// <param name="Waits">Whether any invitation waits.</param>
/// <param name="Why">Whether manifests say why anybody has access.</param>
/// <param name="Noticed">Whether anything was noticed.</param>
internal sealed record ReviewColumns(bool Until, bool Waits, bool Why, bool Noticed)
{
    /// <summary>The columns that some rows need.</summary>
    public static ReviewColumns Of(IReadOnlyCollection<ReviewRow> rows) =>
        new(
            rows.Any(r => r.Until is not null),
            rows.Any(r => r.Waits is not null),
            rows.Any(r => r.Reason is { Length: > 0 } || !r.Declared.IsEmpty),
            rows.Any(r => !r.Findings.IsEmpty || r.Change.Length > 0)
        );

    /// <summary>The names of the columns.</summary>
    /// <param name="first">What each row begins with.</param>
    public string[] Names(string first) =>
        [
            .. new[]
            {
                first,
                "State",
                "Access",
                Until ? "Until" : "",
                Waits ? "Waits" : "",
                Why ? "Why" : "",
                Noticed ? "Noticed" : "",
            }.Where(n => n.Length > 0),
        ];
}
