using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Resolving;

namespace Reconciler.Engine.Planning;

/// <summary>What became of one project while planning.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="Plan">Its plan; null where it was not read.</param>
/// <param name="Failure">Why it could not be read; null where it was, or is suspended.</param>
public sealed record PlannedProject(DesiredProject Project, ProjectPlan? Plan, ProviderException? Failure)
{
    /// <summary>What the plan was made with.</summary>
    public Recollection Memory { get; init; } = Recollection.None;
}

/// <summary>The plan of a run: the one value that is shown and applied.</summary>
/// <param name="Projects">Every project, ordered by provider and name.</param>
/// <param name="At">The time of the pass.</param>
/// <param name="HasOwnershipRecord">Whether a ledger or a baseline says whom Reconciler granted access.</param>
public sealed record RunPlan(ImmutableArray<PlannedProject> Projects, DateTimeOffset At, bool HasOwnershipRecord)
{
    /// <summary>Projects that no document declares any more.</summary>
    public DeletedProjects Deleted { get; init; } = DeletedProjects.None;

    /// <summary>What became of the approvals that the runner gave.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];

    /// <summary>Plans of all projects that were read.</summary>
    public IEnumerable<ProjectPlan> Plans => Projects.Select(p => p.Plan).OfType<ProjectPlan>();

    /// <summary>Projects that could not be read.</summary>
    public IEnumerable<PlannedProject> Failures => Projects.Where(p => p.Failure is not null);

    /// <summary>
    /// Plans of projects whose list names somebody whom nobody can tell: planned for everybody else, and failed.
    /// </summary>
    public IEnumerable<ProjectPlan> Unclear => Plans.Where(p => p.IsUnclear);

    /// <summary>Plans that a limit holds, wholly or in part, and that no approval releases.</summary>
    public IEnumerable<ProjectPlan> Held => Plans.Where(p => !p.IsFree);

    /// <summary>Names exactly this plan: <c>sha256:</c> and 64 hex digits, over its projects' digests.</summary>
    public string Digest => PlanDigest.Of(Plans);

    /// <summary>Whether any project has an action, held or not.</summary>
    public bool HasChanges => Plans.Any(p => !p.Actions.IsEmpty);
}
