using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Planning;

/// <summary>An approval from the command line or from a document of its own.</summary>
/// <param name="Hold">The digest of the hold that it releases, once.</param>
/// <param name="By">The approver, in words, such as <c>--approve</c>.</param>
public sealed record GivenApproval(string Hold, string By)
{
    /// <summary>The time when it expires; null where it does not expire.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>The reason why it is unusable; null where it is usable.</summary>
    public string? Problem { get; init; }

    /// <summary>The only namespace in which it may release holds; null for all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether it may release holds of a project.</summary>
    /// <param name="project">The project.</param>
    public bool MayRelease(DesiredProject project) => Namespace is null || Namespace == project.Provider.Namespace;
}

/// <summary>
/// Decides which holds are released: those that the runner approves, and those that an annotation of the document
/// approves, provided that the limit belongs to the same manifests. A digest names one hold, so an approval releases
/// nothing else, and releases it once.
/// </summary>
/// <param name="Given">The approvals by the runner.</param>
public sealed record Approvals(ImmutableArray<GivenApproval> Given)
{
    /// <summary>No approvals by the runner; only an annotation can release a hold.</summary>
    public static Approvals None { get; } = new([]);

    /// <summary>Creates approvals from the values of <c>--approve</c>.</summary>
    public static Approvals Of(IEnumerable<string> digests) =>
        new([.. digests.Select(d => new GivenApproval(d, "--approve"))]);

    /// <summary>The approvals that may release holds of a project's plan now.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ledger">The ledger of the project. A hold that was released before is not released again.</param>
    /// <param name="now">The current time.</param>
    internal IReadOnlyCollection<ApprovedHold> For(ProjectPlan plan, ProjectLedger ledger, DateTimeOffset now)
    {
        var approvals = Given
            .Where(a => a.Problem is null && !(a.Ends <= now) && a.MayRelease(plan.Project))
            .Select(a => new ApprovedHold(a.Hold, a.By))
            .ToList();
        if (plan.Project.Approval is { } annotated)
            approvals.Add(Annotated(annotated, plan));
        return [.. approvals.Where(a => !ledger.Released.Contains(a.Hold))];
    }

    /// <summary>Finds how each approval by the runner was used.</summary>
    /// <param name="projects">The projects, with their holds.</param>
    /// <param name="now">The current time.</param>
    public ImmutableArray<ApprovalUse> Uses(IReadOnlyCollection<PlannedProject> projects, DateTimeOffset now) =>
        [.. Given.Select(a => new ApprovalUse(a, FateOf(a, projects, now)))];

    /// <summary>Combines these approvals with others.</summary>
    public Approvals And(Approvals others) => new([.. Given, .. others.Given]);

    private static ApprovalFate FateOf(
        GivenApproval approval,
        IReadOnlyCollection<PlannedProject> projects,
        DateTimeOffset now
    )
    {
        if (projects.Any(p => p.Plan?.Release?.Hold == approval.Hold))
            return ApprovalFate.Releases;
        if (projects.Any(p => p.Memory.Ledger.Released.Contains(approval.Hold)))
            return ApprovalFate.Used;
        if (approval.Problem is not null)
            return ApprovalFate.Unusable;
        if (!(approval.Ends <= now) && projects.Any(p => IsHeldAs(p, approval)))
            return ApprovalFate.Waits;
        return approval.Ends <= now ? ApprovalFate.Expired : ApprovalFate.FitsNothing;
    }

    private static bool IsHeldAs(PlannedProject project, GivenApproval approval) =>
        project.Plan is { IsFree: false } held
        && held.HeldDigest == approval.Hold
        && approval.MayRelease(project.Project);

    // An author of the document can also write its annotation, so the annotation cannot release a limit from another
    // source.
    private static ApprovedHold Annotated(string digest, ProjectPlan plan) =>
        new(digest, $"the annotation reconciler.dev/approve of {plan.Project.Declared}")
        {
            Releases = h => h.IsOfManifests,
        };
}

/// <summary>How an approval was used.</summary>
public enum ApprovalFate
{
    /// <summary>It releases a hold of this run.</summary>
    Releases,

    /// <summary>Its hold was released before. An approval is valid once.</summary>
    Used,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>No hold has the digest that it names: the hold has changed, or is gone.</summary>
    FitsNothing,

    /// <summary>A hold has its digest; the next run checks whether the approval may release it.</summary>
    Waits,

    /// <summary>It has no valid end, or one that is too far in the future.</summary>
    Unusable,
}

/// <summary>An approval, and how a run used it.</summary>
/// <param name="Approval">The approval.</param>
/// <param name="Fate">How it was used.</param>
public sealed record ApprovalUse(GivenApproval Approval, ApprovalFate Fate);
