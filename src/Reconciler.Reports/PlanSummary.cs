using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>The numbers of a run, counted once for every format.</summary>
/// <param name="plan">The run's plan.</param>
public sealed class PlanSummary(RunPlan plan)
{
    private readonly ILookup<ActionKind, PlannedAction> _applicable = plan
        .Plans.SelectMany(p => p.Applicable)
        .ToLookup(a => a.Kind);
    private readonly ILookup<ActionKind, PlannedAction> _held = plan
        .Plans.Where(p => !p.Project.DryRun)
        .SelectMany(p => p.Actions.Where(p.IsHeld))
        .ToLookup(a => a.Kind);
    private readonly ILookup<ActionKind, PlannedAction> _dryRun = plan
        .Plans.Where(p => p.Project.DryRun)
        .SelectMany(p => p.Actions)
        .ToLookup(a => a.Kind);
    private readonly ILookup<FindingKind, Finding> _findings = plan
        .Plans.SelectMany(p => p.Findings)
        .ToLookup(f => f.Kind);

    internal int Projects => plan.Projects.Length;

    /// <summary>How many projects were read: only of these is anything known.</summary>
    internal int Read => plan.Plans.Count();

    /// <summary>How many projects something would be applied to now.</summary>
    internal int ProjectsWithChanges => plan.Plans.Count(p => p.Applicable.Any());

    /// <summary>How many projects with <c>dryRun</c> have a plan that is only shown.</summary>
    internal int DryRun => plan.Plans.Count(p => p.Project.DryRun && !p.Actions.IsEmpty);

    internal int Failed => plan.Failures.Count();

    internal int Suspended => plan.Projects.Count(p => p.Project.Suspended);

    internal int Held => plan.Held.Count();

    /// <summary>All that is planned, also what is held or only shown.</summary>
    internal int Actions => plan.Plans.Sum(p => p.Actions.Length);

    internal int Removals => plan.Plans.Sum(Judge.RemovalsOf);

    /// <summary>How many people have declared access somewhere; each counts once, in however many projects.</summary>
    internal int Converged => People(p => p.PeopleConverged);

    /// <summary>How many memberships are as declared: a person in two projects has two.</summary>
    internal int Memberships => plan.Plans.Sum(p => p.Converged);

    /// <summary>How many undeclared people were not judged somewhere; each counts once.</summary>
    internal int NotJudged => People(p => p.PeopleNotJudged);

    /// <summary>How many people are left alone somewhere; each counts once.</summary>
    internal int LeftAlone => People(p => p.PeopleLeftAlone);

    internal int Findings => _findings.Sum(g => g.Count());

    /// <summary>How many actions of a kind would be applied now.</summary>
    internal int Of(ActionKind kind) => _applicable[kind].Count();

    /// <summary>How many actions of a kind a limit holds.</summary>
    internal int HeldOf(ActionKind kind) => _held[kind].Count();

    /// <summary>How many actions of a kind are only shown, since their project has <c>dryRun</c>.</summary>
    internal int DryRunOf(ActionKind kind) => _dryRun[kind].Count();

    internal int Of(FindingKind kind) => _findings[kind].Count();

    /// <summary>The findings in a sentence, such as "3 waiting, 1 unmanaged".</summary>
    public string FindingsInWords() =>
        string.Join(
            ", ",
            _findings
                .OrderBy(g => g.Key)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key)}"))
        );

    private int People(Func<ProjectPlan, IEnumerable<string>> keys) =>
        plan.Plans.SelectMany(keys).Distinct(StringComparer.Ordinal).Count();

    /// <summary>A finding's kind in words.</summary>
    public static string Word(FindingKind kind) =>
        kind switch
        {
            FindingKind.GaveUp => "gave up",
            FindingKind.AddressChanged => "address changed",
            FindingKind.SecondAccount => "second account",
            _ => kind.ToString().ToLowerInvariant(),
        };
}
