using System.CommandLine;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Runs;

/// <summary>What the exit code of a plan and of an apply is, and the option that makes findings count.</summary>
internal static class RunCode
{
    private const string Findings = "findings";

    /// <summary>The option that makes findings count.</summary>
    public static Option<string?> FailOnOption()
    {
        var option = new Option<string?>("--fail-on")
        {
            Description = "findings: exit with 2 where something was noticed or is left to do by hand, too",
        };
        option.AcceptOnlyFromAmong(Findings);
        return option;
    }

    /// <summary>Whether the option asks for findings to count.</summary>
    public static bool CountsFindings(string? failOn) => failOn == Findings;

    /// <summary>The code of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="detailed">Whether pending changes count.</param>
    /// <param name="findings">Whether findings count.</param>
    public static int Of(RunPlan plan, bool detailed, bool findings) =>
        ExitCode.Strongest(
            plan.Failures.Any() || plan.Unclear.Any() ? ExitCode.Failed : ExitCode.Done,
            IsHeld(plan) ? ExitCode.Held : ExitCode.Done,
            (detailed && plan.HasChanges) || (findings && HasFindings(plan)) ? ExitCode.Changes : ExitCode.Done
        );

    /// <summary>The code of an apply. What is left to a human is a finding, and no failure.</summary>
    /// <param name="result">What became of the plan.</param>
    /// <param name="findings">Whether findings count.</param>
    public static int Of(RunResult result, bool findings)
    {
        if (result.Count(OutcomeKind.Interrupted) > 0)
            return ExitCode.Interrupted;
        var notRead = result.Plan.Failures.Count();
        if (notRead > 0 && notRead == result.Plan.Projects.Length)
            return ExitCode.Failed;
        var failed =
            notRead > 0
            || result.Plan.Unclear.Any()
            || result.Count(OutcomeKind.Failed) > 0
            || result.Count(OutcomeKind.Skipped) > 0
            || result.NotRemembered.Any();
        var noticed = HasFindings(result.Plan) || result.Count(OutcomeKind.Manual) > 0;
        return ExitCode.Strongest(
            failed ? ExitCode.Partly : ExitCode.Done,
            IsHeld(result.Plan) ? ExitCode.Held : ExitCode.Done,
            findings && noticed ? ExitCode.Changes : ExitCode.Done
        );
    }

    private static bool IsHeld(RunPlan plan) => plan.Held.Any() || !plan.Deleted.Unreachable.IsEmpty;

    private static bool HasFindings(RunPlan plan) => plan.Plans.Any(p => !p.Findings.IsEmpty);
}
