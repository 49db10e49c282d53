using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Offboarding;
using Reconciler.Core.Planning;

namespace Reconciler.Engine;

/// <summary>What was looked at for one connection.</summary>
/// <param name="Listed">Its list of projects.</param>
/// <param name="Declared">How many of its projects manifests declare.</param>
/// <param name="Undeclared">How many others the vendor lists.</param>
internal sealed record LookedAt(ListedProvider Listed, int Declared, int Undeclared);

/// <summary>The plan of an offboarding: a run's plan, and what the vendors' APIs and this run cannot do.</summary>
/// <param name="Leaver">Who leaves.</param>
/// <param name="Plan">The plan over all projects; findings about other people are left out.</param>
/// <param name="LookedAt">What was looked at, by connection.</param>
/// <param name="Mentions">The lines that name the person.</param>
/// <param name="StillDeclared">The projects that would let the person in again.</param>
internal sealed record OffboardPlan(
    LeaverNames Leaver, RunPlan Plan, ImmutableArray<LookedAt> LookedAt, ImmutableArray<Mention> Mentions, ImmutableArray<DesiredProject> StillDeclared)
{
    private static readonly FindingKind[] ForHumans = [FindingKind.Manual, FindingKind.Protected, FindingKind.Ignored, FindingKind.SecondAccount, FindingKind.Unclear];

    /// <summary>Whether something could not be read, so that the person may be in more projects.</summary>
    public bool IsPartial => Plan.Failures.Any() || Plan.Unclear.Any() || LookedAt.Any(l => l.Listed.Failure is not null);

    /// <summary>What a human has to do, place by place.</summary>
    public IEnumerable<(string Place, string Step)> ByHand()
    {
        foreach (var project in Plan.Projects)
        {
            var place = $"{project.Project.Provider.Name}: {project.Plan?.Live.Name ?? project.Project.ProjectId}";
            foreach (var finding in project.Plan?.Findings.Where(f => ForHumans.Contains(f.Kind)) ?? []) yield return (place, $"{finding.Person} {finding.Message}");
            if (project.Project.Suspended) yield return (place, "is suspended, so it was neither read nor written: look there by hand");
            if (project is { Project.DryRun: true, Plan.Actions.IsEmpty: false }) yield return (place, "has dryRun: true, so nothing of its plan is applied");
        }

        foreach (var looked in LookedAt.Where(l => l.Listed.Failure is null))
        {
            var vendor = looked.Listed.Provider.Vendor;
            if (vendor.Capabilities.NoDirectory is { } why) yield return (looked.Listed.Provider.Name, $"{why}: look by hand at those that no manifest declares");
            if (vendor.Capabilities.Remains is { } remains) yield return (looked.Listed.Provider.Name, remains);
        }
    }
}
