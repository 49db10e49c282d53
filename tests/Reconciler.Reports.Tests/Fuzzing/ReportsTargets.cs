using System.Text;
using System.Text.RegularExpressions;
using Reconciler.Manifests.Schemas;
using Reconciler.Reports.Markdown;
using Reconciler.Testing.Fuzzing;
using static Reconciler.Testing.Fuzzing.FuzzTarget;

namespace Reconciler.Reports.Tests.Fuzzing;

/// <summary>Saved plans, earlier comments, and texts of others in what is printed.</summary>
public static partial class ReportsTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
        [new("saved-plan", PlanAsync), Of("earlier-plan", t => EarlierPlan.Parse(t)), Of("markup", Markup)];

    private static Task PlanAsync(byte[] input)
    {
        var plan = SavedPlanFile.Read("plan.json", () => input, out var problem);
        Hold(plan is null == problem.Length > 0, "a plan without a problem, or a problem without words");
        return Task.CompletedTask;
    }

    private static void Markup(string text)
    {
        Hold(InCode().IsMatch(MarkdownFence.Code(text)), "the code has markup in it");
        var lines = text.Split('\n').Select(l => Core.Text.TerminalText.Escape(l)).ToList();
        var fenced = MarkdownFence.Diff(lines).Split('\n');
        var fence = fenced[0][..^"diff".Length];
        Hold(!lines.Exists(l => l.Contains(fence, StringComparison.Ordinal)), "a line ends the fence");
        Hold(fenced[^2] == fence, "the fence is not ended");
        var escaped = MarkdownText.Escape(text);
        Hold(!Bare().IsMatch(escaped), "markup is left");
    }

    [GeneratedRegex(@"^<code>[^<>\n]*</code>$", RegexOptions.None, 60_000)]
    private static partial Regex InCode();

    [GeneratedRegex(@"(?<!\\)(?:\\\\)*[`*_\[\]<>|#~]|\n", RegexOptions.None, 60_000)]
    private static partial Regex Bare();
}
