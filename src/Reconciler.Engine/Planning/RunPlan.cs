using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Resolving;

namespace Reconciler.Engine.Planning;

/// <summary>The result of planning one project.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="Plan">Its plan; null where the project was not read.</param>
/// <param name="Failure">
/// The error that kept it from being read; null where it was read, or where it is suspended.
/// </param>
public sealed record PlannedProject(DesiredProject Project, ProjectPlan? Plan, ProviderException? Failure)
{
    /// <summary>The ledger that the plan was made with.</summary>
    public LoadedLedger Memory { get; init; } = LoadedLedger.None;
}

/// <summary>The plan of a run. The same value is shown and applied.</summary>
/// <param name="Projects">Every project, ordered by provider and name.</param>
/// <param name="At">The time of the run.</param>
/// <param name="HasOwnershipRecord">
/// Whether a ledger or a baseline records who was granted access by Reconciler.
/// </param>
public sealed record RunPlan(ImmutableArray<PlannedProject> Projects, DateTimeOffset At, bool HasOwnershipRecord)
{
    /// <summary>Projects that no document declares any more.</summary>
    public DeletedProjects Deleted { get; init; } = DeletedProjects.None;

    /// <summary>How the approvals by the runner were used.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];

    /// <summary>Plans of all projects that were read.</summary>
    public IEnumerable<ProjectPlan> Plans => Projects.Select(p => p.Plan).OfType<ProjectPlan>();

    /// <summary>The projects that could not be read.</summary>
    public IEnumerable<PlannedProject> Failures => Projects.Where(p => p.Failure is not null);

    /// <summary>
    /// The plans of projects that list an account whose owner cannot be identified. They are planned for everybody else
    /// and reported as failed.
    /// </summary>
    public IEnumerable<ProjectPlan> Unclear => Plans.Where(p => p.IsUnclear);

    /// <summary>The plans that a limit holds, completely or in part, and that no approval releases.</summary>
    public IEnumerable<ProjectPlan> Held => Plans.Where(p => !p.IsFree);

    /// <summary>
    /// The digest of exactly this plan: <c>sha256:</c> and 64 hex digits, computed from the digests of its projects.
    /// </summary>
    public string Digest => PlanDigest.Of(Plans);

    /// <summary>Whether any project has an action, held or not.</summary>
    public bool HasChanges => Plans.Any(p => !p.Actions.IsEmpty);
}
