using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Values.Unicode;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;
using Reconciler.Engine.Reviews;
using Reconciler.Manifests.Schemas;
using Reconciler.Reports.Markdown;
using Reconciler.Reports.Masking;
using Reconciler.Reports.Review;
using Reconciler.Reports.Tests.Review;
using Reconciler.Testing.Fuzzing;
using Reconciler.Testing.Reports;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Reports.Tests.Fuzzing;

/// <summary>Saved plans, earlier comments, and texts of others in what is printed.</summary>
public static partial class ReportsTargets
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("reconciler-fuzz-").FullName;
    private static readonly RunPlan Nothing = new([], default, HasOwnershipRecord: true);
    private static readonly string[] CommandMarks = ["::", "##["];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("saved-plan", PlanAsync),
        new("earlier-plan", EarlierAsync),
        Of("markup", Markup),
        Of("plan-page", PlanPage),
        Of("review-page", ReviewPage),
    ];

    private static Task PlanAsync(byte[] input)
    {
        var plan = SavedPlanFile.Read("plan.json", () => input, out var problem);
        Hold(plan is null == problem.Length > 0, "a plan without a problem, or a problem without words");
        if (plan is null)
            return Task.CompletedTask;
        _ = plan.Judge(Nothing);
        Hold(plan.Actions.All(a => a is { Name: not null, Project: not null, Text: not null }), "an action says less");
        var file = Path.Combine(Folder, "plan.json");
        SavedPlanFile.Write(file, plan);
        var again = SavedPlanFile.Read(file, () => File.ReadAllBytes(file), out _);
        Hold(again is not null, "what is written cannot be read");
        Hold(
            (again!.At, again.Digest) == (plan.At, plan.Digest) && again.Actions.SequenceEqual(plan.Actions),
            "what is written reads as something else"
        );
        return Task.CompletedTask;
    }

    private static Task EarlierAsync(byte[] input)
    {
        var plan = EarlierPlan.Read("plan.md", () => input, out var problem);
        Hold(plan is null == problem.Length > 0, "a plan without a problem, or a problem without words");
        if (plan is null)
            return Task.CompletedTask;
        Hold(plan.Lines.All(l => l.Project.Length > 0 && l.Text.Length >= 2), "a line of nothing");
        _ = plan.Masked(new AddressMask());
        Hold(plan.Compare(Nothing).Gone.Length == plan.Lines.Length, "a line is lost");
        return Task.CompletedTask;
    }

    private static void Markup(string text)
    {
        Hold(InCode().IsMatch(MarkdownFence.Code(text)), "the code has markup in it");
        var lines = text.Split('\n').Select(TerminalText.Escape).ToList();
        var fenced = MarkdownFence.Diff(lines).Split('\n');
        var fence = fenced[0][..^"diff".Length];
        Hold(!lines.Exists(l => l.Contains(fence, StringComparison.Ordinal)), "a line ends the fence");
        Hold(fenced[^2] == fence, "the fence is not ended");
        Hold(!Bare().IsMatch(MarkdownText.Escape(text)), "markup is left");
        var inCell = MarkdownText.Code(text);
        Hold(!inCell.Contains('\n', StringComparison.Ordinal) && !BareBar().IsMatch(inCell), "a cell ends early");
        var html = BreakableText.Html(TerminalText.Escape(text));
        Hold(WebUtility.HtmlDecode(Break().Replace(html, "")) == TerminalText.Escape(text), "a break changes a text");
        Hold(!Tag().IsMatch(Break().Replace(html, "")), "a page has markup in it");
    }

    // A text stands in each place of a plan in which others write: addresses, names, reasons, failures.
    private static void PlanPage(string text)
    {
        var run = Hostile(text);
        var plan = run.Plan();
        foreach (var (format, page) in PlanFormats.All(plan))
        {
            if (format.EndsWith("markdown", StringComparison.Ordinal))
            {
                Hold(MarkdownPlanTests.IsHarmless(page), $"{format} has markup in it");
                Hold(EarlierPlan.Parse(page) is not null, $"{format} is not read again");
            }
            else if (format == "github")
            {
                Hold(page.Split('\n').All(IsCommand), "a line is no command");
            }
            else if (format == "json")
            {
                JsonDocument.Parse(page).Dispose();
            }

            Hold(!VisibleText.HasHidden(page.Replace('\n', ' ')), $"{format} has invisible characters");
        }

        foreach (var (format, page) in PlanFormats.All(plan.Masked(new AddressMask())))
        {
            if (format != "github")
                Hold(
                    run.Known.All(i => !page.Contains(HostilePerson.Middle(i), StringComparison.OrdinalIgnoreCase)),
                    format
                );
        }
    }

    private static void ReviewPage(string text)
    {
        var review = ReviewSample.Of(Hostile(text).Plan());
        foreach (var (format, page) in ReviewFormats.All(review))
            Hold(
                !VisibleText.HasHidden(page.Replace('\n', ' ').Replace('\r', ' ')),
                $"{format} has invisible characters"
            );
        Hold(
            MarkdownReview.Of(review).Split('\n').All(ReviewFormatTests.IsOurs),
            "markup of others is in the Markdown of a review"
        );
        ReviewFormatTests.IsWhole(review);
        ReviewFormatTests.IsHarmlessInSheets(review);
    }

    private static bool IsCommand(string line) =>
        line.Length == 0 || CommandMarks.Count(m => line.StartsWith(m, StringComparison.Ordinal)) == 1;

    // The parts of an input: before and after the middle of an address, its domain, and a sentence. Neither files nor
    // vendors give half a surrogate pair: it is refused where it is read.
    private static HostileRun Hostile(string text)
    {
        text = string.Concat(text.EnumerateRunes());
        var parts = text.Split('\u001f', 4);
        var part = (int i) => i < parts.Length ? parts[i] : "";
        var people = Enumerable.Range(0, 6).Select(i => new HostilePerson(part(0), part(1), "x.example" + part(2), i));
        return new([.. people], [parts.Length > 3 ? part(3) : text], 4);
    }

    [GeneratedRegex(@"^<code>[^<>\n]*</code>$", RegexOptions.None, 60_000)]
    private static partial Regex InCode();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*[`*_\[\]<>|#~]|\n", RegexOptions.None, 60_000)]
    private static partial Regex Bare();

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, 60_000)]
    private static partial Regex BareBar();

    [GeneratedRegex("<wbr>", RegexOptions.None, 60_000)]
    private static partial Regex Break();

    [GeneratedRegex("[<>\"']", RegexOptions.None, 60_000)]
    private static partial Regex Tag();
}
