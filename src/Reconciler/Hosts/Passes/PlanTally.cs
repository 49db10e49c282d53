using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Hosts.Passes;

/// <summary>What a plan comes to in numbers.</summary>
/// <param name="Waiting">How many invitations wait for their answer.</param>
/// <param name="Findings">How many findings there are of each kind that there is.</param>
internal sealed record PlanTally(int Waiting, ImmutableDictionary<FindingKind, int> Findings)
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
