using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Evaluating;

/// <summary>A membership takes over another one's ledger of the project that it declares.</summary>
/// <param name="From">The membership that is being deleted, is gone, or declares another project now.</param>
/// <param name="To">The membership that declares the project.</param>
/// <param name="Project">The project.</param>
internal sealed record Transfer(DesiredMembership From, DesiredMembership To, ProjectKey Project);

/// <summary>What is to be done for all memberships together.</summary>
internal sealed record OwnershipDecision
{
    /// <summary>The projects to schedule.</summary>
    public required ImmutableArray<DesiredProject> Projects { get; init; }

    /// <summary>The membership that each of them belongs to.</summary>
    public required ImmutableDictionary<ProjectKey, DesiredMembership> Owners { get; init; }

    /// <summary>Memberships for which nothing can be done, and why.</summary>
    public required ImmutableArray<(DesiredMembership Membership, MembershipState.Stalled Why)> Stalled { get; init; }

    /// <summary>Deleted memberships whose finalizer can go.</summary>
    public required ImmutableArray<DesiredMembership> Finalized { get; init; }

    /// <summary>Ledgers that change hands before the project is reconciled again.</summary>
    public required ImmutableArray<Transfer> Transfers { get; init; }

    /// <summary>
    /// Projects that another membership has taken over, to be forgotten by the one that declared them before.
    /// </summary>
    public required ImmutableArray<(DesiredMembership Membership, ProjectKey Project)> TakenOver { get; init; }

    /// <summary>
    /// Deleted memberships that wait for a successor, with the message of their status; null where it stays as it is.
    /// </summary>
    public required ImmutableArray<(DesiredMembership Membership, string? Message)> Waiting { get; init; }

    /// <summary>Whether a project belongs to another membership than this one.</summary>
    public bool IsTakenOver(DesiredMembership membership, ProjectKey project) =>
        Owners.TryGetValue(project, out var owner) && !ReferenceEquals(owner.Tracked, membership.Tracked);
}
