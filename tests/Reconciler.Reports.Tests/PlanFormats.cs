using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Reports.Markdown;

namespace Reconciler.Reports.Tests;

/// <summary>A plan in every format that the command line has.</summary>
internal static class PlanFormats
{
    public static IEnumerable<(string Format, string Text)> All(RunPlan plan) =>
        [
            ("text", Text(plan)),
            ("json", PlanDocument.Of(plan).ToJson()),
            ("markdown", MarkdownPlan.Of(plan, MarkdownPlan.DefaultLength, verbose: true)),
            ("short markdown", MarkdownPlan.Of(plan, MarkdownPlan.LeastLength, verbose: true)),
            ("github", string.Join('\n', GitHubCommands.Of(plan))),
        ];

    public static string Text(RunPlan plan)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new TextPlan(output, new Palette(false), verbose: true).Write(plan);
        return output.ToString();
    }

    /// <summary>An apply whose every action ended badly with one message, in text and in commands.</summary>
    public static string Result(RunResult result)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var report = new ApplyReport(output, new Palette(false), result.Outcomes.Count());
        foreach (var project in result.Projects)
        {
            foreach (var outcome in project.Outcomes)
                report.Progress(project.Plan, outcome);
        }

        report.Summary(result);
        foreach (var line in GitHubCommands.Of(result))
            output.WriteLine(line);
        return output.ToString();
    }
}
