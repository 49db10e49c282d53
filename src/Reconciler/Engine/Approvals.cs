using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Planning;

namespace Reconciler.Engine;

/// <summary>
/// Which held plans may pass: those whose digest the runner gives, one by one or all of a run by the run's digest, and those whose
/// document carries it in an annotation that has not been used up. A digest names exactly one plan, so an approval is good for nothing else.
/// </summary>
/// <param name="Digests">The digests that the runner gives.</param>
internal sealed record Approvals(ImmutableHashSet<string> Digests)
{
    public static Approvals None { get; } = new([]);

    /// <summary>A plan, released where an approval names it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ledger">What is remembered of its project.</param>
    /// <param name="run">The digest of the run.</param>
    public ProjectPlan Judge(ProjectPlan plan, ProjectLedger ledger, string run)
    {
        if (plan.IsFree) return plan;
        if (Digests.Contains(plan.Digest)) return plan with { Release = new("--approve") };
        if (Digests.Contains(run)) return plan with { Release = new("--approve, for the whole run") };
        var isAnnotated = plan.Project.Approval == plan.Digest && !ledger.Released.Contains(plan.Digest);
        return isAnnotated ? plan with { Release = new($"the annotation reconciler.dev/approve of {plan.Project.Declared}") } : plan;
    }
}
