using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Hosting.Reconciling;

/// <summary>The numbers of a plan that are kept where the plan itself is not.</summary>
/// <param name="Waiting">How many invitations are pending.</param>
/// <param name="Findings">How many findings there are of each kind.</param>
public sealed record PlanTally(int Waiting, ImmutableDictionary<FindingKind, int> Findings)
{
    /// <summary>Counts a plan; null for none.</summary>
    [return: NotNullIfNotNull(nameof(plan))]
    public static PlanTally? Of(ProjectPlan? plan) =>
        plan is null
            ? null
            : new(
                plan.Live.Invitations.Count(i => i.State == InvitationState.Pending),
                plan.Findings.CountBy(f => f.Kind).ToImmutableDictionary()
            );
}
