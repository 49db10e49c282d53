using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>
/// Prints a review for people: a heading for each person, project or provider, and a line with details for each row.
/// </summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
public sealed class TextReview(TextWriter output, Palette palette)
{
    /// <summary>Prints the rows by group, then the projects that were not read, then the totals.</summary>
    public void Write(AccessReview review)
    {
        foreach (var group in review.Groups())
        {
            output.WriteLine(Heading(review.By, group.First()));
            foreach (var row in group)
                Write(review, row);
            output.WriteLine();
        }

        foreach (var line in MeaningLines.Of(review))
            output.WriteLine(Escaped(line));
        foreach (var project in review.Projects.Where(p => p.Reading != ReviewReading.Read))
            output.WriteLine(NotRead(project, palette));
        foreach (var (sentence, i) in new ReviewTotals(review).Sentences().Select((s, i) => (s, i)))
            output.WriteLine(i == 0 ? palette.Strong(sentence) : sentence);
    }

    /// <summary>Renders a line for a project that was not read.</summary>
    public static string NotRead(ReviewProject project, Palette palette)
    {
        var word = project.Reading.ToString().ToLowerInvariant();
        var reading = project.Reading is ReviewReading.Failed or ReviewReading.Stranded
            ? palette.Alarm(word)
            : palette.Changed(word);
        return $"{reading}: {Escaped($"{ReviewWords.Project(project)} ({project.ProjectId}): {project.Message}")}";
    }

    private string Heading(ReviewGrouping by, ReviewRow first) =>
        by switch
        {
            ReviewGrouping.Person => palette.Strong(Escaped(first.Person)),
            ReviewGrouping.Provider => palette.Strong(Escaped(first.Project.ProviderName))
                + palette.Quiet($" ({first.Project.Vendor})"),
            _ => Heading(first.Project),
        };

    private string Heading(ReviewProject project)
    {
        var title = ProjectTitle.Of(project.Document, project.VendorName, project.ProjectId);
        return palette.Strong(Escaped(ReviewWords.Project(project)))
            + (title.VendorName is { } name ? $" “{Escaped(name)}”" : "")
            + (title.Id is { } id ? palette.Quiet($" ({Escaped(id)})") : "");
    }

    private void Write(AccessReview review, ReviewRow row)
    {
        var what = review.By switch
        {
            ReviewGrouping.Person => ReviewWords.Project(row.Project),
            ReviewGrouping.Provider => $"{row.Person} in {ReviewWords.Name(row.Project)}",
            _ => row.Person,
        };
        output.WriteLine($"  {Escaped(what)}  {Coloured(row)}  [{Escaped(row.Access.ToString())}]");
        var details = string.Join(", ", ReviewWords.Details(row)).Replace(", (", " (", StringComparison.Ordinal);
        if (details.Length > 0)
            output.WriteLine(palette.Quiet($"      {Escaped(details)}"));
        foreach (var finding in row.Findings)
            output.WriteLine($"      · {PlanSummary.Word(finding.Kind)}: {Escaped(finding.Message)}");
    }

    private string Coloured(ReviewRow row)
    {
        var words = ReviewWords.State(row);
        return row.Standing switch
        {
            ReviewStanding.Unmanaged or ReviewStanding.Leaving => palette.Bad(words),
            _ when row.State != ReviewState.Member => palette.Changed(words),
            _ => palette.Good(words),
        };
    }

    private static string Escaped(string text) => TerminalText.Escape(text);
}
