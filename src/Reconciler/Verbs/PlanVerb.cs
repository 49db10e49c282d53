using System.CommandLine;
using System.Globalization;
using Reconciler.Engine.Planning;
using Reconciler.Manifests.Loading;
using Reconciler.Options;
using Reconciler.Providers;
using Reconciler.Reports.Markdown;
using Reconciler.Runs;

namespace Reconciler.Verbs;

/// <summary><c>plan</c>: shows what apply would do. It makes no writer, so that it cannot write.</summary>
internal static class PlanVerb
{
    private const string ByProject = "project";
    private const string ByPerson = "person";

    public static Command Create(CliEnvironment environment)
    {
        var manifests = new ManifestOptions();
        var output = new OutputOptions(
            OutputFormat.Text,
            OutputFormat.Json,
            OutputFormat.Markdown,
            OutputFormat.GitHub
        );
        var state = new StateOptions(environment);
        var (baseline, saved, detailed) = (BaselineOption(), SaveOption(), DetailedOption());
        var failOn = RunCode.FailOnOption();
        var (maxLength, compare, by) = (MaxLengthOption(), CompareOption(), GroupingOption());
        var command = new Command("plan", "Show what apply would do; nothing is written");
        manifests.AddTo(command);
        manifests.AddFiltersTo(command, environment);
        foreach (var option in new Option[] { by, baseline, saved, detailed, failOn, maxLength, compare })
            command.Options.Add(option);
        state.AddTo(command, writes: false);
        output.AddWithLogTo(command);
        output.AddMaskTo(command);
        RefuseOtherFormats(command, by, output);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var request = manifests.Read(parsed, environment.Folder) with { Baseline = parsed.GetValue(baseline) };
                var session = new PlanSession(
                    output.Of(environment, parsed),
                    request,
                    output.Format(parsed),
                    environment.Palette(output.NoColour(parsed)),
                    output.Verbose(parsed)
                )
                {
                    MaxLength = parsed.GetValue(maxLength),
                    CompareWith = FullPath(parsed.GetValue(compare), environment),
                    IsByPerson = parsed.GetValue(by) == ByPerson,
                    State = state.Read(parsed, environment.Folder),
                };
                var goal = new Goal(
                    parsed.GetValue(saved),
                    parsed.GetValue(detailed),
                    RunCode.CountsFindings(parsed.GetValue(failOn))
                );
                return RunAsync(session, goal, cancellation);
            }
        );
        return command;
    }

    /// <summary>
    /// Loads the manifests and resolves them into the desired state, recalls the state file, reads the live state,
    /// compares both into a plan that the limits judge, and reports it.
    /// </summary>
    private static async Task<int> RunAsync(PlanSession session, Goal goal, CancellationToken cancellation)
    {
        if (session.Load() is not { } manifests)
            return ExitCode.Problems;
        if (!session.TryReadEarlier())
            return ExitCode.Failed;
        using var state = RunState.OpenToRead(session.State);
        using var connections = session.Connect();
        var desired = await PlanSession.RecallAsync(manifests, state.Store, cancellation);
        var plan = await session.PlanAsync(desired, connections, state.Store, cancellation);
        session.Print(plan);
        var isSaved = session.TrySave(plan, goal.SaveTo);
        var code = RunCode.Of(plan, goal.CountsChanges, goal.CountsFindings);
        return ExitCode.Strongest(code, isSaved ? ExitCode.Done : ExitCode.Failed);
    }

    /// <summary>What the caller wants besides the printed plan.</summary>
    /// <param name="SaveTo">The file to save the plan to; null for none.</param>
    /// <param name="CountsChanges">Whether pending changes make the exit code 2.</param>
    /// <param name="CountsFindings">Whether findings make the exit code 2.</param>
    private sealed record Goal(string? SaveTo, bool CountsChanges, bool CountsFindings);

    private static Option<string?> SaveOption() =>
        new("--out") { Description = "Save the plan to a file, for apply --plan; it holds addresses" };

    public static Option<string?> BaselineOption() =>
        new("--baseline")
        {
            Description =
                "The manifests as last applied: people whom they declare count as owned, so prune: owned removes them "
                + "once no manifest declares them",
        };

    public static Option<string?> CompareOption() =>
        new("--compare")
        {
            Description =
                "text, github, markdown: also say what changed since an earlier plan, a file that plan --format "
                + "markdown wrote",
        };

    public static string? FullPath(string? file, CliEnvironment environment) =>
        file is null ? null : Path.GetFullPath(file, Path.GetFullPath(environment.Folder));

    private static Option<bool> DetailedOption() =>
        new("--detailed-exitcode") { Description = "Exit with 2 where changes are pending" };

    private static void RefuseOtherFormats(Command command, Option<string> by, OutputOptions output) =>
        command.Validators.Add(result =>
        {
            if (
                OutputOptions.WordOf(result, by) == ByPerson
                && output.FormatOf(result) is { } format and not OutputFormat.Text
            )
                result.AddError($"--by person is for --format text; {format} is by project");
        });

    private static Option<string> GroupingOption()
    {
        var by = new Option<string>("--by")
        {
            Description = "text: show the changes project by project, or person by person",
            DefaultValueFactory = _ => ByProject,
        };
        by.AcceptOnlyFromAmong(ByProject, ByPerson);
        return by;
    }

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
