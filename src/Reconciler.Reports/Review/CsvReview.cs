using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>
/// Writes a review as CSV (RFC 4180): a header, a line for each row, and a line without a person for each project that
/// was not read. Text that a spreadsheet would read as a formula gets an apostrophe in front, also after a semicolon,
/// which separates columns in many countries.
/// </summary>
public static partial class CsvReview
{
    private static readonly (string Name, Func<ReviewRow, string> Value)[] Columns =
    [
        ("person", r => r.Person),
        ("account", r => r.Account),
        ("provider", r => r.Project.Provider),
        ("vendor", r => r.Project.Vendor),
        ("project", r => r.Project.Document),
        ("projectId", r => r.Project.ProjectId),
        ("projectName", r => r.Project.VendorName ?? ""),
        ("state", r => ReviewDocument.Word(r.State)),
        ("standing", r => ReviewDocument.Word(r.Standing)),
        ("access", r => r.Access.IsNone ? "" : r.Access.ToString()),
        ("admin", r => Flag(r.Admin)),
        ("owned", r => Flag(r.Owned)),
        ("since", r => Time(r.Since)),
        ("changedAt", r => Time(r.ChangedAt)),
        ("until", r => Time(r.Until)),
        ("reason", r => r.Reason ?? ""),
        ("declared", r => string.Join(", ", r.Declared)),
        ("invitedAt", r => Time(r.InvitedAt)),
        ("lastMailAt", r => Time(r.LastMailAt)),
        ("countingFrom", r => Time(r.CountingFrom)),
        ("resends", r => r.InvitedAt is null ? "" : r.Resends.ToString(CultureInfo.InvariantCulture)),
        ("waitsDays", r => ReviewWords.Days(r.Waits)?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("nextApply", r => r.Change),
        ("held", r => Flag(r.Held)),
        ("findings", r => string.Join(" | ", r.Findings.Select(f => $"{PlanSummary.Word(f.Kind)}: {f.Message}"))),
        ("plan", r => r.Plan),
        ("name", r => r.Name ?? ""),
        ("invitedBy", r => r.InvitedBy ?? ""),
        ("notManaged", r => r.WhyNotManaged ?? ""),
    ];

    /// <summary>Writes the review. Its line ends follow the RFC, independent of the writer's.</summary>
    public static void Write(TextWriter output, AccessReview review)
    {
        output.Write($"{string.Join(',', Columns.Select(c => c.Name))}\r\n");
        foreach (var row in review.Rows)
            output.Write($"{string.Join(',', Columns.Select(c => Field(c.Value(row))))}\r\n");
        foreach (var project in review.Projects.Where(p => p.Reading != ReviewReading.Read))
            output.Write($"{string.Join(',', Columns.Select(c => Field(NotRead(project, c.Name))))}\r\n");
    }

    private static string NotRead(ReviewProject project, string column) =>
        column switch
        {
            "provider" => project.Provider,
            "vendor" => project.Vendor,
            "project" => project.Document,
            "projectId" => project.ProjectId,
            "state" => ReviewDocument.Word(project.Reading),
            "findings" => project.Message ?? "",
            _ => "",
        };

    private static string Field(string text)
    {
        var harmless = Formula().Replace(TerminalText.Escape(text), "${before}'${sign}");
        return harmless.AsSpan().ContainsAny(",;\"'") || harmless.Length != harmless.Trim().Length
            ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : harmless;
    }

    private static string Time(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Flag(bool value) => value ? "true" : "false";

    // Matches the position before a sign that starts a formula, including wide signs.
    [GeneratedRegex(
        "(?<before>(?:^|;)\\s*)(?<sign>[=+\\-@\uff1d\uff0b\uff0d\uff20\\t\\r])",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Formula();
}
