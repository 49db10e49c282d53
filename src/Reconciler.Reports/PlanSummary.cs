using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Counts the contents of a plan, once for every format.</summary>
/// <param name="plan">The plan of the run.</param>
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

    /// <summary>The number of projects that were read.</summary>
    internal int Read => plan.Plans.Count();

    /// <summary>The number of projects that apply would change now.</summary>
    internal int ProjectsWithChanges => plan.Plans.Count(p => p.Applicable.Any());

    /// <summary>The number of projects with <c>dryRun</c> whose plan has changes.</summary>
    internal int DryRun => plan.Plans.Count(p => p.Project.DryRun && !p.Actions.IsEmpty);

    internal int Failed => plan.Failures.Count();

    internal int Suspended => plan.Projects.Count(p => p.Project.Suspended);

    internal int Held => plan.Held.Count();

    /// <summary>The number of planned actions, including held ones and those that are only shown.</summary>
    internal int Actions => plan.Plans.Sum(p => p.Actions.Length);

    internal int Removals => plan.Plans.Sum(Judge.RemovalsOf);

    /// <summary>The number of people who have the declared access in a project; each counts once.</summary>
    internal int Converged => People(p => p.PeopleConverged);

    /// <summary>The number of memberships that are as declared: a person in two projects has two.</summary>
    internal int Memberships => plan.Plans.Sum(p => p.Converged);

    /// <summary>
    /// The number of undeclared people of whom no record shows whether Reconciler invited them; each counts once.
    /// </summary>
    internal int NotJudged => People(p => p.PeopleNotJudged);

    /// <summary>The number of people who are not managed in a project; each counts once.</summary>
    internal int LeftAlone => People(p => p.NotManaged.Select(n => n.Key));

    internal int Findings => _findings.Sum(g => g.Count());

    /// <summary>The number of actions of a kind that apply would do now.</summary>
    internal int Of(ActionKind kind) => _applicable[kind].Count();

    /// <summary>The number of actions of a kind that a limit holds.</summary>
    internal int HeldOf(ActionKind kind) => _held[kind].Count();

    /// <summary>The number of actions of a kind that are only shown, since their project has <c>dryRun</c>.</summary>
    internal int DryRunOf(ActionKind kind) => _dryRun[kind].Count();

    internal int Of(FindingKind kind) => _findings[kind].Count();

    /// <summary>Renders the findings, such as "3 waiting, 1 unmanaged".</summary>
    public string FindingsInWords() =>
        string.Join(
            ", ",
            _findings
                .OrderBy(g => g.Key)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key)}"))
        );

    private int People(Func<ProjectPlan, IEnumerable<string>> keys) =>
        plan.Plans.SelectMany(keys).Distinct(StringComparer.Ordinal).Count();

    /// <summary>Names a kind of finding.</summary>
    public static string Word(FindingKind kind) =>
        kind switch
        {
            FindingKind.GaveUp => "gave up",
            FindingKind.AddressChanged => "address changed",
            FindingKind.LoginTaken => "login taken",
            FindingKind.OnTrust => "on trust",
            FindingKind.SecondAccount => "second account",
            _ => kind.ToString().ToLowerInvariant(),
        };
}
