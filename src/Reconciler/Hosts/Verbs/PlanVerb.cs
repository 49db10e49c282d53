using System.CommandLine;
using System.Globalization;
using Reconciler.Engine;
using Reconciler.Reports;
using Reconciler.Reports.Markdown;

namespace Reconciler.Hosts.Verbs;

/// <summary><c>plan</c>: shows what apply would do. It makes no writer, so that it cannot write.</summary>
internal static class PlanVerb
{
    private const string Findings = "findings";

    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(OutputFormat.Text, OutputFormat.Json, OutputFormat.Markdown, OutputFormat.GitHub);
        var state = new StateOptions();
        var baseline = BaselineOption();
        var saved = new Option<string?>("--out") { Description = "Save the plan to a file, for apply --plan; it holds addresses" };
        var detailed = new Option<bool>("--detailed-exitcode") { Description = "Exit with 2 where changes are pending" };
        var failOn = new Option<string?>("--fail-on") { Description = "findings: exit with 2 where something was noticed, too" };
        failOn.AcceptOnlyFromAmong(Findings);
        var maxLength = MaxLengthOption();
        var command = new Command("plan", "Show what apply would do; nothing is written");
        manifests.AddTo(command);
        manifests.AddFiltersTo(command);
        foreach (var option in new Option[] { baseline, saved, detailed, failOn, maxLength }) command.Options.Add(option);
        state.AddTo(command, writes: false);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
            var around = output.Of(environment, parsed);
            var planning = new Planning(around, request, output.Format(parsed), environment.Palette(output.NoColour(parsed)), output.Verbose(parsed)) { MaxLength = parsed.GetValue(maxLength), State = state.Read(parsed, environment.Folder) };
            if (planning.Load() is not { } workspace) return ExitCode.Problems;
            using var remembered = RunState.OpenToRead(planning.State);
            using var connections = planning.Connect();
            var plan = await planning.PlanAsync(workspace, connections, remembered.Store, cancellation);
            planning.Print(plan);
            if (parsed.GetValue(saved) is { } file) SavedPlanFile.Write(Path.GetFullPath(file, Path.GetFullPath(environment.Folder)), SavedPlan.Of(plan));
            var pending = (parsed.GetValue(detailed) && plan.HasChanges) || (parsed.GetValue(failOn) == Findings && plan.Plans.Any(p => !p.Findings.IsEmpty));
            return CodeOf(plan, pending);
        });
        return command;
    }

    public static Option<string?> BaselineOption() =>
        new("--baseline") { Description = "The manifests as last applied: whoever they declare was granted access by Reconciler, and goes with prune: owned once undeclared" };

    private static Option<int> MaxLengthOption()
    {
        var option = new Option<int>("--max-length") { Description = "markdown: the most characters; what has no room is counted at the end", DefaultValueFactory = _ => MarkdownPlan.DefaultLength };
        option.Validators.Add(result =>
        {
            var given = result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var length) ? length : MarkdownPlan.DefaultLength;
            if (given < MarkdownPlan.LeastLength) result.AddError($"--max-length {given}: expected at least {MarkdownPlan.LeastLength}");
        });
        return option;
    }

    private static int CodeOf(RunPlan plan, bool pending) => ExitCode.Strongest(
        plan.Failures.Any() ? ExitCode.Failed : ExitCode.Done,
        plan.Held.Any() || !plan.Deleted.Stranded.IsEmpty ? ExitCode.Held : ExitCode.Done,
        pending ? ExitCode.Changes : ExitCode.Done);
}
