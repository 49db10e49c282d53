using System.CommandLine;
using System.Globalization;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports;
using Reconciler.Reports.Markdown;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>plan</c>: shows what apply would do. It makes no writer, so that it cannot write.</summary>
internal static class PlanVerb
{
    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(
            OutputFormat.Text,
            OutputFormat.Json,
            OutputFormat.Markdown,
            OutputFormat.GitHub
        );
        var state = new StateOptions();
        var baseline = BaselineOption();
        var saved = new Option<string?>("--out")
        {
            Description = "Save the plan to a file, for apply --plan; it holds addresses",
        };
        var detailed = new Option<bool>("--detailed-exitcode")
        {
            Description = "Exit with 2 where changes are pending",
        };
        var failOn = RunCode.FailOnOption();
        var maxLength = MaxLengthOption();
        var command = new Command("plan", "Show what apply would do; nothing is written");
        manifests.AddTo(command);
        manifests.AddFiltersTo(command);
        foreach (var option in new Option[] { baseline, saved, detailed, failOn, maxLength })
            command.Options.Add(option);
        state.AddTo(command, writes: false);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var around = output.Of(environment, parsed);
                var planning = new Planning(
                    around,
                    request,
                    output.Format(parsed),
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed)
                )
                {
                    MaxLength = parsed.GetValue(maxLength),
                    State = state.Read(parsed, environment.Folder),
                };
                if (planning.Load() is not { } workspace)
                    return ExitCode.Problems;
                using var remembered = RunState.OpenToRead(planning.State);
                using var connections = planning.Connect();
                var plan = await planning.PlanAsync(workspace, connections, remembered.Store, cancellation);
                planning.Print(plan);
                ApprovalReport.Write(around.Error, environment.Palette(output.NoColour(parsed)), plan);
                var isSaved =
                    parsed.GetValue(saved) is not { } file
                    || OutputFile.TryWrite(
                        environment,
                        file,
                        request,
                        planning.State,
                        full => SavedPlanFile.Write(full, SavedPlan.Of(plan))
                    );
                var code = RunCode.Of(plan, parsed.GetValue(detailed), RunCode.CountsFindings(parsed.GetValue(failOn)));
                return ExitCode.Strongest(code, isSaved ? ExitCode.Done : ExitCode.Failed);
            }
        );
        return command;
    }

    public static Option<string?> BaselineOption() =>
        new("--baseline")
        {
            Description =
                "The manifests as last applied: whoever they declare was granted access by Reconciler, and goes with prune: owned once undeclared",
        };

    private static Option<int> MaxLengthOption()
    {
        var option = new Option<int>("--max-length")
        {
            Description = "markdown: the most characters; what has no room is counted at the end",
            DefaultValueFactory = _ => MarkdownPlan.DefaultLength,
        };
        option.Validators.Add(result =>
        {
            var given =
                result.Tokens.Count == 1
                && int.TryParse(
                    result.Tokens[0].Value,
                    NumberStyles.Integer,
                    CultureInfo.InvariantCulture,
                    out var length
                )
                    ? length
                    : MarkdownPlan.DefaultLength;
            if (given < MarkdownPlan.LeastLength)
                result.AddError($"--max-length {given}: expected at least {MarkdownPlan.LeastLength}");
        });
        return option;
    }
}
