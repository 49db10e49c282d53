using System.Globalization;
using Reconciler.Core.Planning;
using Reconciler.Engine;

namespace Reconciler.Reports;

/// <summary>The numbers of a run, counted once for every format.</summary>
/// <param name="plan">The run's plan.</param>
internal sealed class PlanSummary(RunPlan plan)
{
    private readonly ILookup<ActionKind, PlannedAction> _actions = plan.Plans.SelectMany(p => p.Actions).ToLookup(a => a.Kind);
    private readonly ILookup<FindingKind, Finding> _findings = plan.Plans.SelectMany(p => p.Findings).ToLookup(f => f.Kind);

    public int Projects => plan.Projects.Length;

    public int ProjectsWithChanges => plan.Plans.Count(p => !p.Actions.IsEmpty);

    public int Failed => plan.Failures.Count();

    public int Suspended => plan.Projects.Count(p => p.Project.Suspended);

    public int Held => plan.Held.Count();

    public int Actions => plan.Plans.Sum(p => p.Actions.Length);

    public int Removals => plan.Plans.Sum(Judge.RemovalsOf);

    public int Converged => plan.Plans.Sum(p => p.Converged);

    public int NotJudged => plan.Plans.Sum(p => p.NotJudged);

    public int LeftAlone => plan.Plans.Sum(p => p.LeftAlone);

    public int Findings => _findings.Sum(g => g.Count());

    public int Of(ActionKind kind) => _actions[kind].Count();

    public int Of(FindingKind kind) => _findings[kind].Count();

    /// <summary>The findings in a sentence, such as "3 waiting, 1 unmanaged".</summary>
    public string FindingsInWords() => string.Join(", ", _findings.OrderBy(g => g.Key).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key)}")));

    /// <summary>A finding's kind in words.</summary>
    public static string Word(FindingKind kind) => kind switch
    {
        FindingKind.GaveUp => "gave up",
        FindingKind.AddressChanged => "address changed",
        FindingKind.SecondAccount => "second account",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
