using System.CommandLine;
using System.Globalization;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>apply</c>: plans, asks, and converges. What is printed is what is applied.</summary>
internal static class ApplyVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var (output, state, bounds) = (
            new OutputOptions(OutputFormat.Text, OutputFormat.GitHub),
            new StateOptions(environment),
            new PlanPreconditionOptions()
        );
        var baseline = PlanVerb.BaselineOption();
        var compare = PlanVerb.CompareOption();
        var failOn = RunCode.FailOnOption();
        var yes = new Option<bool>("--yes", "-y")
        {
            Description = "Apply without asking; needed where nobody can be asked",
        };
        var command = new Command("apply", "Show the plan, ask, and apply it");
        manifests.AddTo(command);
        manifests.AddFiltersTo(command, environment);
        command.Options.Add(baseline);
        command.Options.Add(compare);
        bounds.AddTo(command);
        state.AddTo(command, writes: true);
        command.Options.Add(failOn);
        command.Options.Add(yes);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var bound = bounds.Read(parsed, environment.Folder);
                var (around, palette) = (output.Of(environment, parsed), environment.Palette(output.NoColour(parsed)));
                var planning = new PlanSession(around, request, output.Format(parsed), palette, output.Verbose(parsed))
                {
                    State = state.Read(parsed, environment.Folder),
                    Approvals = Approvals.Of(bound.Approved),
                    CompareWith = PlanVerb.FullPath(parsed.GetValue(compare), environment),
                    Writes = true,
                };
                var run = new Run(around, planning, bound, output.Format(parsed), palette)
                {
                    CountsFindings = RunCode.CountsFindings(parsed.GetValue(failOn)),
                };
                return run.ApplyAsync(parsed.GetValue(yes), cancellation);
            }
        );
        return command;
    }

    private sealed class Run(
        CliEnvironment environment,
        PlanSession planning,
        PlanPrecondition bound,
        string format,
        Palette palette
    )
    {
        public required bool CountsFindings { get; init; }

        public async Task<int> ApplyAsync(bool yes, CancellationToken cancellation)
        {
            if (planning.Load() is not { } resolved)
                return ExitCode.Problems;
            if (!bound.TryRead(environment, palette, out var saved) || !planning.TryReadEarlier())
                return ExitCode.Failed;
            using var state = await RunState.OpenToWriteAsync(
                planning.State,
                "apply",
                resolved.Connections,
                environment,
                cancellation
            );
            using var connections = planning.Connect(state.Store);
            var desired = await PlanSession.RecallAsync(resolved, state.Store, cancellation);
            var plan = await planning.PlanAsync(desired, connections, state.Store, cancellation);
            planning.Print(plan);
            if (!bound.Allows(plan, saved, environment, palette))
                return ExitCode.Held;
            ApprovalReport.Write(environment.Error, palette, plan);
            // A plan that could not be printed is not applied, since nobody has read it; the caller reports the cause.
            if (environment.OutputFailure is not null)
                return ExitCode.Failed;
            var actions = plan.Plans.Sum(p => p.Applicable.Count());
            if (actions > 0 && !yes && !await AskAsync(plan, cancellation))
                return ExitCode.Failed;
            var report = new ApplyReport(environment.Out, palette, actions);
            var progress = PlanSession.Applying(environment, plan);
            var heads = await AuditHeads.BeforeAsync(state, plan, cancellation);
            var applier = new Applier(connections.Of, state.Store, environment.Clock) { Context = planning.Context };
            var result = await applier.ApplyAsync(
                plan,
                (project, outcome) =>
                    progress.Count(project, outcome, () => report.Progress(project, outcome.Masked(environment.Mask))),
                cancellation
            );
            progress.Clear();
            var shown = result.Masked(environment.Mask);
            if (actions > 0 || plan.Failures.Any() || result.NotRemembered.Any())
                report.Summary(shown);
            foreach (var line in format == OutputFormat.GitHub ? GitHubCommands.Of(shown) : [])
                environment.Out.WriteLine(line);
            await heads.WriteAsync(environment.Out, palette);
            return RunCode.Of(result, CountsFindings);
        }

        private Task<bool> AskAsync(RunPlan plan, CancellationToken cancellation)
        {
            var removals = plan.Plans.SelectMany(p => p.Applicable).Count(a => a.CountsAsRemoval);
            var warning =
                removals == 0
                    ? ""
                    : palette.Alarm(
                        string.Create(CultureInfo.InvariantCulture, $" {removals} of the changes take access away.")
                    );
            return Confirmation.AskAsync(
                environment,
                "apply",
                "applied",
                $"Apply these changes?{warning}",
                cancellation
            );
        }
    }
}
