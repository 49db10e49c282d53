using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Prints the outcomes of an apply while it runs, and a summary at the end.</summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
/// <param name="total">The number of planned actions.</param>
public sealed class ApplyReport(TextWriter output, Palette palette, int total)
{
    private static readonly (ActionKind Kind, string Word)[] Words =
    [
        (ActionKind.Invite, "invited"),
        (ActionKind.Update, "updated"),
        (ActionKind.Replace, "replaced"),
        (ActionKind.Resend, "resent"),
        (ActionKind.Revoke, "revoked"),
    ];

    private readonly Lock _lock = new();
    private int _done;

    /// <summary>Prints the outcome of one action; called from any thread.</summary>
    public void Progress(ProjectPlan plan, ActionOutcome outcome)
    {
        lock (_lock)
        {
            _done++;
            // Follow-ups on people who accepted meanwhile can exceed the planned number.
            var most = Math.Max(total, _done).ToString(CultureInfo.InvariantCulture);
            var count = _done.ToString(CultureInfo.InvariantCulture).PadLeft(most.Length);
            output.WriteLine(
                $"{palette.Quiet($"[{count}/{most}]")} {TextPlan.Line(outcome.Action, palette)} "
                    + $"{palette.Quiet($"in {plan.Project.Provider.Name}: {Name(plan)}")} {Ending(outcome)}"
            );
        }
    }

    /// <summary>Prints the counts, and the reason of everything that was not done.</summary>
    public void Summary(RunResult result)
    {
        output.WriteLine();
        foreach (var project in result.Projects)
        {
            foreach (
                var outcome in project.Outcomes.Where(o =>
                    o.Kind is OutcomeKind.Failed or OutcomeKind.Manual or OutcomeKind.Skipped
                )
            )
            {
                output.WriteLine(
                    $"{palette.Alarm(outcome.Kind.ToString().ToLowerInvariant())}: "
                        + $"{TextPlan.Line(outcome.Action, palette)} in {project.Plan.Project.Provider.Name}: "
                        + $"{Name(project.Plan)}: {TerminalText.Escape(outcome.Message ?? "")}"
                );
            }
        }

        foreach (var failed in result.Plan.Failures)
            output.WriteLine(
                $"{palette.Alarm("not read")}: {failed.Project.Provider.Name}: {failed.Project.Id}: "
                    + $"{TerminalText.Escape(failed.Failure!.Message)}"
            );
        foreach (var project in result.NotRemembered)
            output.WriteLine(
                $"{palette.Alarm("not remembered")}: {Name(project.Plan)}: "
                    + $"{TerminalText.Escape(project.NotRemembered!)}"
            );
        output.WriteLine(Numbers(result));
        var interrupted = result.Count(OutcomeKind.Interrupted);
        if (interrupted > 0)
            output.WriteLine(
                palette.Alarm(
                    $"Interrupted: {TextNames.Count(interrupted, "action was", "actions were")} not tried. "
                        + "Run apply again to go on; what is done is done."
                )
            );
        if (result.Plan.Held.Any())
            output.WriteLine(
                palette.Alarm(
                    $"Held: {TextNames.Count(result.Plan.Held.Count(), "project has", "projects have")} "
                        + "changes that a limit holds; see the plan above."
                )
            );
    }

    private string Numbers(RunResult result)
    {
        var plan = new PlanSummary(result.Plan);
        if (ReadingSentences.NothingKnown(plan.Projects, plan.Failed, plan.Suspended) is { } unknown)
            return $"{palette.Alarm("Nothing was applied:")} {unknown}.";
        var done = result.Outcomes.Where(o => o.Kind == OutcomeKind.Done).ToLookup(o => o.Action.Kind);
        var removed = $"{done[ActionKind.Remove].Count()} removed";
        var manual =
            result.Count(OutcomeKind.Manual) == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{result.Count(OutcomeKind.Manual)} left to a human, ");
        var kinds = Words
            .Where(w => done[w.Kind].Any())
            .Select(w => $"{done[w.Kind].Count()} {w.Word}")
            .Append(done[ActionKind.Remove].Any() ? palette.Bad(removed) : removed);
        return $"{palette.Strong("Applied:")} {string.Join(", ", kinds)}; {result.Count(OutcomeKind.Failed)} "
            + $"failed, {manual}{result.Count(OutcomeKind.Skipped)} skipped.";
    }

    private string Ending(ActionOutcome outcome) =>
        outcome.Kind switch
        {
            OutcomeKind.Done => palette.Good("done"),
            OutcomeKind.Manual => $"{palette.Alarm("manual")}: {TerminalText.Escape(outcome.Message ?? "")}",
            OutcomeKind.Failed => $"{palette.Alarm("failed")}: {TerminalText.Escape(outcome.Message ?? "")}",
            OutcomeKind.Overtaken => $"{palette.Changed("too late")}: {TerminalText.Escape(outcome.Message ?? "")}",
            _ => palette.Changed(TerminalText.Escape(outcome.Message ?? "not tried")),
        };

    private static string Name(ProjectPlan plan) => TextNames.Short(plan.Project.Id);
}
