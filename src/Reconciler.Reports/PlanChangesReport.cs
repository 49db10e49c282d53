using System.Globalization;
using Reconciler.Core.Text;
using Reconciler.Reports.Markdown;

namespace Reconciler.Reports;

/// <summary>Prints what changed between an earlier plan and the plan as it is now.</summary>
public static class PlanChangesReport
{
    private const int MostLines = 200;
    private const int LongestLine = 300;
    private const string New = "new:        ";
    private const string Gone = "no longer:  ";

    /// <summary>Prints the changes for a terminal or a log.</summary>
    public static void Write(TextWriter output, Palette palette, PlanChanges changes)
    {
        output.WriteLine();
        output.WriteLine(palette.Strong(changes.Sentence));
        var lines = Lines(changes).ToList();
        foreach (var line in lines.Take(MostLines))
            output.WriteLine($"  {(line.IsTitle ? palette.Strong(line.Text) : $"  {line.Text}")}");
        if (lines.Count > MostLines)
            output.WriteLine($"  and {lines.Count - MostLines} lines more");
    }

    /// <summary>Renders the changes for a comment, with about a maximum number of characters.</summary>
    internal static string Markdown(PlanChanges changes, int maxLength)
    {
        var (shown, length) = (new List<string>(), 0);
        var lines = Lines(changes).Select(l => $"{(l.IsTitle ? "# " : $"{l.Sign} ")}{l.Text}").ToList();
        foreach (var line in lines.TakeWhile(l => (length += l.Length + 1) <= maxLength))
            shown.Add(line);
        if (shown.Count < lines.Count)
            shown.Add(
                string.Create(CultureInfo.InvariantCulture, $"# … {lines.Count - shown.Count} lines are left out here")
            );
        return $"**{changes.Sentence}**\n{(shown.Count == 0 ? "" : $"\n{MarkdownFence.Diff(shown)}")}";
    }

    private static IEnumerable<Line> Lines(PlanChanges changes)
    {
        if (changes.Earlier.Digest is null)
            yield break;
        var all = changes
            .Gone.Select(l => (l.Project, Line: new Line('-', $"{Gone}{Shown(l)}")))
            .Concat(changes.Added.Select(l => (l.Project, Line: new Line('+', $"{New}{Shown(l)}"))));
        foreach (var project in all.GroupBy(l => l.Project, StringComparer.Ordinal))
        {
            yield return new('#', MarkdownFence.Clip(TerminalText.Escape(project.Key), LongestLine));
            foreach (var (_, line) in project)
                yield return line;
        }
    }

    private static string Shown(PlanLine line) => MarkdownFence.Clip(TerminalText.Escape(line.Text), LongestLine);

    private sealed record Line(char Sign, string Text)
    {
        public bool IsTitle => Sign == '#';
    }
}
