using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports.Markdown;

/// <summary>
/// Renders a plan as a comment on a pull request: the counts, then a collapsible section for each project, then what
/// was left out for lack of room. Held projects come first, then failed ones. The first line is a hidden marker with
/// the digest, by which the comment is found again.
/// </summary>
public static class MarkdownPlan
{
    /// <summary>
    /// Less than the 65,536 characters that GitHub allows, with room for a few lines of the workflow.
    /// </summary>
    public const int DefaultLength = 60_000;

    /// <summary>The maximum length of the counts, with the sentence about what is left out.</summary>
    public const int LeastLength = 4_000;

    private const int RoomForLeftOut = 320;

    // Who changed what since the review is read first, but must not push the plan itself out.
    private const int ShareOfChanges = 4;
    private const int RoomForFences = 2_500;
    internal const string LeftOutWord = "**Left out**";
    internal const string Marker = "<!-- reconciler.dev/plan/v1";
    private static readonly Palette Plain = new(false);

    /// <summary>Renders the plan with a maximum number of characters.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="maxLength">The maximum number of characters.</param>
    /// <param name="verbose">Whether long lists are printed completely.</param>
    /// <param name="earlier">An earlier plan that the plan is compared with; null for none.</param>
    public static string Of(RunPlan plan, int maxLength, bool verbose, EarlierPlan? earlier = null)
    {
        var text = new StringBuilder($"{Marker} digest={plan.Digest} -->\n");
        foreach (
            var sentence in PlanSentences
                .Of(plan, Plain, notes: false)
                .Select((s, i) => i == 0 ? $"**{s}**\n\n" : $"- {s}\n")
        )
            text.Append(sentence);
        if (plan.HasChanges)
            text.Append("- Digest `").Append(plan.Digest).Append("`\n");
        text.Append('\n');
        if (earlier is not null)
            text.Append(PlanChangesReport.Markdown(earlier.Compare(plan), maxLength / ShareOfChanges)).Append('\n');
        var left = new LeftOut();
        foreach (var project in Ordered(plan, verbose))
            Add(text, project, maxLength - RoomForLeftOut, left);
        var notes = string.Concat(PlanSentences.Notes(plan).Select(n => $"- {n}.\n"));
        if (notes.Length > 0 && text.Length + notes.Length < maxLength - RoomForLeftOut)
            text.Append('\n').Append(notes);
        text.Append(left.Sentence(maxLength));
        return text.ToString();
    }

    /// <summary>Renders the errors in manifests, in the same place as the plan that they prevent.</summary>
    public static string Of(IReadOnlyList<Problem> problems, int maxLength)
    {
        var lines = problems
            .Select(p =>
                MarkdownFence.Clip(
                    $"{(p.Severity == Severity.Error ? "-" : "!")} "
                        + $"{p.Severity.ToString().ToLowerInvariant()}: {TerminalText.Escape(p.ToString())}"
                )
            )
            .ToList();
        var (shown, length) = (0, 0);
        while (shown < lines.Count && length + lines[shown].Length + 1 <= maxLength - RoomForFences)
            length += lines[shown++].Length + 1;
        var rest =
            shown == lines.Count
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n**Left out:** {lines.Count - shown} of {lines.Count} problems; "
                ) + "`reconciler validate` prints all.\n";
        return $"{Marker} digest=none -->\n**"
            + $"{ProblemReport.Summary(problems.Count(p => p.Severity == Severity.Error))}**\n\n"
            + $"{MarkdownFence.Diff(lines.Take(shown))}{rest}";
    }

    private static IEnumerable<MarkdownProject> Ordered(RunPlan plan, bool verbose) =>
        plan
            .Projects.Select(p => MarkdownProject.Of(p, verbose))
            .OfType<MarkdownProject>()
            .OrderBy(p =>
                p.IsHeld ? 0
                : p.IsFailed ? 1
                : 2
            );

    private static void Add(StringBuilder text, MarkdownProject project, int maxLength, LeftOut left)
    {
        var room = maxLength - text.Length;
        var whole = project.Whole();
        if (whole.Length <= room)
        {
            text.Append(whole);
        }
        else if (project.Part(room, out var cut) is { } part)
        {
            text.Append(part);
            left.Parts++;
            left.Add(cut);
        }
        else
        {
            left.Projects++;
            if (project.IsHeld)
                left.Held++;
            if (project.IsFailed)
                left.Failed++;
            left.Add(project.Size);
        }
    }

    private sealed class LeftOut
    {
        private int _changes;
        private int _findings;

        public int Projects { get; set; }

        public int Parts { get; set; }

        public int Held { get; set; }

        public int Failed { get; set; }

        public void Add((int Changes, int Findings) size)
        {
            _changes += size.Changes;
            _findings += size.Findings;
        }

        public string Sentence(int maxLength) =>
            Projects + Parts == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"\n{LeftOutWord}, to stay within {maxLength} characters: "
                        + $"{PlanSentences.Projects(Projects)} whole ({Held} held, {Failed} failed) and parts of "
                        + $"{Parts} more; in all {_changes} changes and {_findings} findings. "
                ) + "`reconciler plan` prints everything.\n";
    }
}
