using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Engine.Importing;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Offboarding;

/// <summary>What was searched through one connection during an offboarding.</summary>
/// <param name="Listed">The connection's list of projects.</param>
/// <param name="Declared">The number of its projects that manifests declare.</param>
/// <param name="Undeclared">The number of other projects that the vendor lists.</param>
public sealed record LookedAt(ListedProvider Listed, int Declared, int Undeclared);

/// <summary>A place where a human must act.</summary>
/// <param name="Provider">The connection's name.</param>
/// <param name="Project">The name of the project; null where the whole account is meant.</param>
public sealed record HandPlace(string Provider, string? Project);

/// <summary>A manual step, and all places where it is needed.</summary>
/// <param name="Places">The places.</param>
/// <param name="Step">The step, as a sentence for the report.</param>
public sealed record HandStep(ImmutableArray<HandPlace> Places, string Step);

/// <summary>
/// The plan of an offboarding: the plan of a run, with the manual steps and the places that could not be searched.
/// </summary>
/// <param name="Subject">The person who leaves.</param>
/// <param name="Plan">The plan for all projects, without findings about other people.</param>
/// <param name="LookedAt">What was searched, by connection.</param>
/// <param name="Mentions">The manifest lines that name the person.</param>
/// <param name="StillDeclared">The projects that would invite the person again.</param>
public sealed record OffboardPlan(
    OffboardingNames Subject,
    RunPlan Plan,
    ImmutableArray<LookedAt> LookedAt,
    ImmutableArray<ManifestReference> Mentions,
    ImmutableArray<DesiredProject> StillDeclared
)
{
    private static readonly FindingKind[] AboutSubject =
    [
        FindingKind.Manual,
        FindingKind.Refused,
        FindingKind.Protected,
        FindingKind.Ignored,
        FindingKind.SecondAccount,
        FindingKind.LoginTaken,
        FindingKind.Unclear,
    ];

    /// <summary>What the ledgers record about the person, and similar addresses that may have been meant.</summary>
    public OffboardingTraces Traces { get; init; } = OffboardingTraces.None;

    /// <summary>Whether something could not be read, so that the person may be in further projects.</summary>
    public bool IsPartial =>
        Plan.Failures.Any() || Plan.Unclear.Any() || LookedAt.Any(l => l.Listed.Failure is not null);

    /// <summary>Whether a project that was read lists the person as a member or as invited.</summary>
    public bool IsAtVendors => Plan.HasChanges || Findings.Any();

    /// <summary>Whether manifests name the person.</summary>
    public bool IsInManifests => !Mentions.IsEmpty || !StillDeclared.IsEmpty;

    /// <summary>Whether the person was found anywhere. If not, the address may be misspelled.</summary>
    public bool IsFound => IsAtVendors || IsInManifests || !Traces.Remembered.IsEmpty || Traces.Removed is not null;

    /// <summary>Whether the person keeps all access, since rules protect the account.</summary>
    public bool IsProtected =>
        !Plan.HasChanges && Findings.Any() && Findings.All(f => f.Kind is FindingKind.Protected or FindingKind.Ignored);

    private IEnumerable<Finding> Findings =>
        Plan.Plans.SelectMany(p => p.Findings).Where(f => AboutSubject.Contains(f.Kind));

    /// <summary>The manual steps; none for a person who was found nowhere.</summary>
    public IEnumerable<HandStep> ByHand()
    {
        if (!IsFound)
            return [];
        var steps = InProjects();
        if (!IsProtected)
            steps = steps.Concat(NotLookedAt()).Concat(AtVendors());
        return steps
            .GroupBy(s => s.Step, StringComparer.Ordinal)
            .Select(g => new HandStep([.. g.Select(s => s.Place)], g.Key));
    }

    private IEnumerable<(HandPlace Place, string Step)> InProjects()
    {
        foreach (var project in Plan.Projects)
        {
            var place = new HandPlace(
                project.Project.Provider.Name,
                project.Plan?.Live.Name ?? project.Project.ProjectId
            );
            foreach (var finding in project.Plan?.Findings.Where(f => AboutSubject.Contains(f.Kind)) ?? [])
                yield return (place, $"{finding.Person} {finding.Message}");
            if (project.Project.Suspended)
                yield return (place, "is suspended, so it was neither read nor written: look there by hand");
            if (project is { Project.DryRun: true, Plan.Actions.IsEmpty: false })
                yield return (place, "has dryRun: true, so nothing of its plan is applied");
        }
    }

    private IEnumerable<(HandPlace Place, string Step)> NotLookedAt() =>
        Traces
            .Remembered.Where(r => !r.WasLookedAt)
            .Select(r =>
                (
                    new HandPlace(r.Key.VendorType, r.Name),
                    "remembers the person, and no connection leads there now: look by hand"
                )
            );

    private IEnumerable<(HandPlace Place, string Step)> AtVendors()
    {
        foreach (var looked in LookedAt.Where(l => l.Listed.Failure is null))
        {
            var (place, vendor) = (new HandPlace(looked.Listed.Provider.Name, null), looked.Listed.Provider.Vendor);
            if (vendor.Capabilities.NoDirectory is { } why)
                yield return (place, $"{why}: look by hand at those that no manifest declares");
            if (vendor.Capabilities.Remains is { } remains)
                yield return (place, remains);
        }
    }
}

/// <summary>A project whose ledger names the person who leaves.</summary>
/// <param name="Key">The project.</param>
/// <param name="Name">The name of the project.</param>
/// <param name="WasLookedAt">Whether this run read it.</param>
public sealed record RememberedIn(ProjectKey Key, string Name, bool WasLookedAt);

/// <summary>What the ledgers and the audit trail record about a person who leaves, and similar addresses.</summary>
/// <param name="Remembered">The projects whose ledger names the person.</param>
/// <param name="Removed">The last removal of the person in the audit trail; null where there was none.</param>
/// <param name="Similar">Similar known addresses; filled only where the person was found nowhere.</param>
public sealed record OffboardingTraces(
    ImmutableArray<RememberedIn> Remembered,
    AuditEntry? Removed,
    ImmutableArray<string> Similar
)
{
    /// <summary>No records.</summary>
    public static OffboardingTraces None { get; } = new([], null, []);
}
