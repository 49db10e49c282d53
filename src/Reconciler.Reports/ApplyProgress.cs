using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Shows how far an apply has come, on the error output: what became of each change is printed elsewhere.
/// </summary>
public sealed class ApplyProgress
{
    private readonly Lock _lock = new();
    private readonly ProgressLine _line;
    private readonly Dictionary<string, int> _left;
    private readonly Dictionary<(string Project, Phase Phase), (int Left, int Done, int All)> _phases;

    /// <summary>Begins to measure.</summary>
    /// <param name="error">Where to.</param>
    /// <param name="isTerminal">Whether a line can be written over there.</param>
    /// <param name="plan">What is applied.</param>
    /// <param name="clock">Measures.</param>
    public ApplyProgress(TextWriter error, bool isTerminal, RunPlan plan, TimeProvider clock)
    {
        var actions = plan.Plans.SelectMany(p => p.Applicable, (p, a) => (p.Project.Id, a.Phase)).ToList();
        _line = new(error, isTerminal, actions.Count, clock);
        _left = actions.CountBy(a => a.Id).ToDictionary(StringComparer.Ordinal);
        _phases = actions.CountBy(a => a).ToDictionary(c => c.Key, c => (c.Value, 0, c.Value));
    }

    /// <summary>
    /// Takes a line for each phase and project, instead of what is shown; null where nobody asked for that.
    /// </summary>
    public Action<string>? Log { get; init; }

    /// <summary>A change is over; called from any thread.</summary>
    /// <param name="plan">The project's plan.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="print">Prints it, while no line is in the way.</param>
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
