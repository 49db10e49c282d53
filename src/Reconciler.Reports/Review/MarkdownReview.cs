using System.Globalization;
using System.Text;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Markdown;

namespace Reconciler.Reports.Review;

/// <summary>
/// Renders a review as Markdown: the counts, then a section with a table for each person, project or provider. The
/// tables are HTML, in which no Markdown is read, and untrusted text is in code elements, where nobody is mentioned.
/// </summary>
public static class MarkdownReview
{
    private const int LongestSentence = 1_000;

    /// <summary>Renders a review as Markdown.</summary>
    public static string Of(AccessReview review)
    {
        var text = new StringBuilder($"# Access review\n\nRead on {TerminalText.Minute(review.At)}.\n\n");
        foreach (var (sentence, i) in new ReviewTotals(review).Sentences().Select((s, i) => (s, i)))
            text.Append(i == 0 ? $"**{sentence}**\n\n" : $"- {sentence}\n");
        AddNotRead(text, review);
        foreach (var group in review.Groups())
            Add(text, review, [.. group]);
        return text.ToString();
    }

    private static void AddNotRead(StringBuilder text, AccessReview review)
    {
        var projects = review.Projects.Where(p => p.Reading != ReviewReading.Read).ToList();
        if (projects.Count == 0)
            return;
        text.Append("\n<table>\n<tr><th>Project not read</th><th>Why</th></tr>\n");
        foreach (var project in projects)
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Code(ReviewWords.Project(project))} "
                    + $"({Code(project.ProjectId)})</td><td>{ReviewDocument.Word(project.Reading)}: "
                    + $"{Code(project.Message ?? "", LongestSentence)}</td></tr>\n"
            );
        text.Append("</table>\n");
    }

    private static void Add(StringBuilder text, AccessReview review, List<ReviewRow> rows)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n<details open>\n<summary>{Title(review.By, rows[0])}</summary>\n<table>\n<tr>"
        );
        text.Append(
                string.Concat(
                    new[]
                    {
                        review.By == ReviewGrouping.Person ? "Project" : "Person",
                        "State",
                        "Access",
                        "Since",
                        "Until",
                        "Why",
                        "Noticed",
                    }.Select(h => $"<th>{h}</th>")
                )
            )
            .Append("</tr>\n");
        foreach (var row in rows)
            text.Append("<tr>")
                .Append(string.Concat(Cells(review.By, row).Select(c => $"<td>{c}</td>")))
                .Append("</tr>\n");
        text.Append("</table>\n</details>\n");
    }

    private static string Title(ReviewGrouping by, ReviewRow first) =>
        by switch
        {
            ReviewGrouping.Person => Code(first.Person),
            ReviewGrouping.Provider => Code(first.Project.ProviderName),
            _ => $"{Code(ReviewWords.Project(first.Project))}"
                + $"{(first.Project.VendorName is { } name ? $" “{Code(name)}”" : "")} "
                + $"({Code(first.Project.ProjectId)})",
        };

    private static IEnumerable<string> Cells(ReviewGrouping by, ReviewRow row)
    {
        yield return by switch
        {
            ReviewGrouping.Person => Code(ReviewWords.Project(row.Project)),
            ReviewGrouping.Provider => $"{Code(row.Person)} in {Code(ReviewWords.Name(row.Project))}",
            _ => Code(row.Person),
        };
        yield return ReviewWords.State(row)
            + (
                ReviewWords.Days(row.Waits) is { } days
                    ? string.Create(CultureInfo.InvariantCulture, $", waits {days} d")
                    : ""
            );
        yield return Code(row.Access.ToString(), LongestSentence);
        yield return row.Since is { } since ? ReviewWords.Date(since) : "";
        yield return row.Until is { } until ? Reconciler.Core.Manifests.Values.Expiry.Words(until) : "";
        yield return string.Join(
            ' ',
            row.Declared.Prepend(row.Reason ?? "").Where(t => t.Length > 0).Select(t => Code(t, LongestSentence))
        );
        yield return string.Join(
            "<br>",
            row.Findings.Select(f => $"{PlanSummary.Word(f.Kind)}: {Code(f.Message, LongestSentence)}")
                .Append(ReviewWords.Next(row))
                .Where(t => t.Length > 0)
        );
    }

    private static string Code(string text) => MarkdownFence.Code(text);

    private static string Code(string text, int longest) => MarkdownFence.Code(text, longest);
}
