using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Shows the progress of an apply on the error output. The outcomes themselves are printed elsewhere.
/// </summary>
public sealed class ApplyProgress
{
    private readonly Lock _lock = new();
    private readonly ProgressLine _line;
    private readonly Dictionary<string, int> _left;
    private readonly Dictionary<(string Project, Phase Phase), (int Left, int Done, int All)> _phases;

    /// <summary>Starts to measure the time.</summary>
    /// <param name="error">The error output.</param>
    /// <param name="isTerminal">Whether it is a terminal, where a line can be overwritten.</param>
    /// <param name="plan">The plan that is applied.</param>
    /// <param name="clock">The clock.</param>
    public ApplyProgress(TextWriter error, bool isTerminal, RunPlan plan, TimeProvider clock)
    {
        var actions = plan.Plans.SelectMany(p => p.Applicable, (p, a) => (p.Project.Id, a.Phase)).ToList();
        _line = new(error, isTerminal, actions.Count, clock);
        _left = actions.CountBy(a => a.Id).ToDictionary(StringComparer.Ordinal);
        _phases = actions.CountBy(a => a).ToDictionary(c => c.Key, c => (c.Value, 0, c.Value));
    }

    /// <summary>
    /// Receives a line for each phase and project, instead of the progress line; null to show the progress line.
    /// </summary>
    public Action<string>? Log { get; init; }

    /// <summary>Counts a change that is finished; called from any thread.</summary>
    /// <param name="plan">The plan of the project.</param>
    /// <param name="outcome">The outcome of the change.</param>
    /// <param name="print">Prints the outcome, while the progress line is cleared.</param>
    public void Count(ProjectPlan plan, ActionOutcome outcome, Action print)
    {
        lock (_lock)
        {
            _line.Clear();
            print();
            _line.Count();
            var name = $"{plan.Project.Provider.Name}: {TextNames.Short(plan.Project.Id)}";
            var isOver = --_left[plan.Project.Id] == 0;
            CountPhase((plan.Project.Id, outcome.Action.Phase), outcome.Kind == OutcomeKind.Done, name);
            var text = _line.Text("applying", "changes");
            if (Log is null)
                _line.Show(text, isOver ? name : null);
            else if (isOver)
                Log($"{text}: {name}: over");
        }
    }

    /// <summary>Clears the progress line of a terminal, so that something else can be printed.</summary>
    public void Clear() => _line.Clear();

    private void CountPhase((string Project, Phase Phase) phase, bool isDone, string name)
    {
        var (left, done, all) = _phases[phase];
        _phases[phase] = (left - 1, isDone ? done + 1 : done, all);
        if (left == 1)
            Log?.Invoke(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}: {phase.Phase.ToString().ToLowerInvariant()}s: {_phases[phase].Done} of {all} done"
                )
            );
    }
}
