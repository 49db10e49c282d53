using System.CommandLine;
using System.Globalization;
using Reconciler.Engine;
using Reconciler.Reports;
using Reconciler.Reports.Masking;

namespace Reconciler.Hosts.Verbs;

/// <summary><c>apply</c>: plans, asks, and converges. What is printed is what is applied.</summary>
internal static class ApplyVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(OutputFormat.Text, OutputFormat.GitHub);
        var baseline = PlanVerb.BaselineOption();
        var yes = new Option<bool>("--yes", "-y") { Description = "Apply without asking; needed where nobody can be asked" };
        var command = new Command("apply", "Plan, ask, and make the vendors' projects as the manifests say");
        manifests.AddTo(command);
        manifests.AddFiltersTo(command);
        command.Options.Add(baseline);
        command.Options.Add(yes);
        output.AddTo(command);
        output.AddMaskTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
            return RunAsync(output.Of(environment, parsed), request, output.Format(parsed), parsed.GetValue(yes), output.Verbose(parsed), environment.Palette(output.NoColour(parsed)), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(CliEnvironment environment, ManifestRequest request, string format, bool yes, bool verbose, Palette palette, CancellationToken cancellation)
    {
        var planning = new Planning(environment, request, format, palette, verbose);
        if (planning.Load() is not { } workspace) return ExitCode.Problems;
        using var connections = planning.Connect();
        var plan = await planning.PlanAsync(workspace, connections, cancellation);
        planning.Print(plan);
        var actions = plan.Plans.Sum(p => p.Applicable.Count());
        if (actions > 0 && !yes && !await AskAsync(environment, plan, palette, cancellation)) return ExitCode.Failed;
        var report = new ApplyReport(environment.Out, palette, actions);
        var result = await new Applier(connections.Of, workspace.Ledgers).ApplyAsync(plan, (project, outcome) => report.Progress(project, outcome.Masked(environment.Mask)), cancellation);
        var shown = result.Masked(environment.Mask);
        if (actions > 0 || plan.Failures.Any()) report.Summary(shown);
        foreach (var line in format == OutputFormat.GitHub ? GitHubCommands.Of(shown) : []) environment.Out.WriteLine(line);
        return CodeOf(result);
    }

    private static Task<bool> AskAsync(CliEnvironment environment, RunPlan plan, Palette palette, CancellationToken cancellation)
    {
        var removals = plan.Plans.SelectMany(p => p.Applicable).Count(a => a.CountsAsRemoval);
        var warning = removals == 0 ? "" : palette.Alarm(string.Create(CultureInfo.InvariantCulture, $" {removals} of the changes take access away."));
        return Confirmation.AskAsync(environment, "apply", "applied", $"Apply these changes?{warning}", cancellation);
    }

    private static int CodeOf(RunResult result)
    {
        if (result.Count(OutcomeKind.Interrupted) > 0) return ExitCode.Interrupted;
        var notRead = result.Plan.Failures.Count();
        if (notRead > 0 && notRead == result.Plan.Projects.Length) return ExitCode.Failed;
        var failed = notRead > 0 || result.Count(OutcomeKind.Failed) > 0 || result.Count(OutcomeKind.Skipped) > 0;
        return ExitCode.Strongest(failed ? ExitCode.Partly : ExitCode.Done, result.Plan.Held.Any() ? ExitCode.Held : ExitCode.Done);
    }
}
