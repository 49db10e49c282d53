using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Planning;

/// <summary>An approval that the runner gives: on the command line, or as a document of its own.</summary>
/// <param name="Hold">The digest of the hold that it releases, once.</param>
/// <param name="By">Who or what approves, in words, such as <c>--approve</c>.</param>
public sealed record GivenApproval(string Hold, string By)
{
    /// <summary>When it ends; null where it does not end by itself.</summary>
    public DateTimeOffset? Ends { get; init; }

    /// <summary>Why it cannot be used at all, in words; null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The only namespace whose projects it may release; null where it may release any.</summary>
    public string? Namespace { get; init; }

    /// <summary>Whether it may release holds of a project.</summary>
    /// <param name="project">The project.</param>
    public bool MayRelease(DesiredProject project) => Namespace is null || Namespace == project.Provider.Namespace;
}

/// <summary>
/// Which holds may pass: those that the runner approves, and those that a document approves by its annotation, as far
/// as they are of limits among the same manifests. A digest names exactly one hold, so an approval is good for nothing
/// else, and for that once.
/// </summary>
/// <param name="Given">What the runner approves.</param>
public sealed record Approvals(ImmutableArray<GivenApproval> Given)
{
    /// <summary>No approvals by the runner: only a document's annotation can release a hold.</summary>
    public static Approvals None { get; } = new([]);

    /// <summary>What <c>--approve</c> was given.</summary>
    public static Approvals Of(IEnumerable<string> digests) =>
        new([.. digests.Select(d => new GivenApproval(d, "--approve"))]);

    /// <summary>What may release a project's plan now.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ledger">What is remembered of its project: a hold that was released is not released again.</param>
    /// <param name="now">The time.</param>
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

    /// <summary>What became of each approval that the runner gives.</summary>
    /// <param name="projects">The projects, judged.</param>
    /// <param name="now">The time.</param>
    public ImmutableArray<ApprovalUse> Uses(IReadOnlyCollection<PlannedProject> projects, DateTimeOffset now) =>
        [.. Given.Select(a => new ApprovalUse(a, FateOf(a, projects, now)))];

    /// <summary>These approvals and others.</summary>
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

    // Who writes the document can write the annotation, so it releases no limit that somebody else states.
    private static ApprovedHold Annotated(string digest, ProjectPlan plan) =>
        new(digest, $"the annotation reconciler.dev/approve of {plan.Project.Declared}")
        {
            Releases = h => h.IsOfManifests,
        };
}

/// <summary>What became of an approval.</summary>
public enum ApprovalFate
{
    /// <summary>It releases a hold of this run.</summary>
    Releases,

    /// <summary>What it names was released before; an approval is good for once.</summary>
    Used,

    /// <summary>Its end has come.</summary>
    Expired,

    /// <summary>Nothing is held under the digest that it names: the hold is another by now, or is over.</summary>
    FitsNothing,

    /// <summary>Something is held under its digest, and the next pass looks whether it may release that.</summary>
    Waits,

    /// <summary>It has no end that could count, or one that is too far ahead.</summary>
    Unusable,
}

/// <summary>An approval, and what became of it in a run.</summary>
/// <param name="Approval">The approval.</param>
/// <param name="Fate">What became of it.</param>
public sealed record ApprovalUse(GivenApproval Approval, ApprovalFate Fate);
