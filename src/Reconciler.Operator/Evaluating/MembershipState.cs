using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Evaluating;

/// <summary>
/// The state of a membership: <see cref="Active"/>, <see cref="Suspended"/>, <see cref="Stalled"/>, <see
/// cref="Deleting"/> or
/// <see cref="Foreign"/>. There are no others.
/// </summary>
internal abstract record MembershipState
{
    private MembershipState() { }

    /// <summary>Its project is to be as declared.</summary>
    /// <param name="Project">The project.</param>
    internal sealed record Active(DesiredProject Project) : MembershipState
    {
        /// <summary>Projects that it declared before, whose people are to be removed.</summary>
        public ImmutableArray<DesiredProject> Revoked { get; init; } = [];

        /// <summary>
        /// A project that it declared before and that no AccessProvider leads to any more; null where there is none.
        /// </summary>
        public string? Unreachable { get; init; }

        /// <summary>
        /// The same project by another name of its vendor, under which it was declared before; empty for most.
        /// </summary>
        public ImmutableArray<ProjectKey> Renamed { get; init; } = [];
    }

    /// <summary>Its project is declared, and nothing is read or written.</summary>
    /// <param name="Project">The project.</param>
    internal sealed record Suspended(DesiredProject Project) : MembershipState;

    /// <summary>Nothing can be done until somebody corrects the resource, one that it uses, or its ledger.</summary>
    /// <param name="Reason">The reason of the condition.</param>
    /// <param name="Message">What is wrong.</param>
    internal sealed record Stalled(string Reason, string Message) : MembershipState;

    /// <summary>It is being deleted, or is gone from the cluster.</summary>
    /// <param name="RevokesAt">When people may be removed: until then another membership may declare the project and
    /// take over.</param>
    internal sealed record Deleting(DateTimeOffset RevokesAt) : MembershipState
    {
        /// <summary>Projects whose people are to be removed.</summary>
        public ImmutableArray<DesiredProject> Revoked { get; init; } = [];

        /// <summary>Why they cannot be removed; null where they can, or need not.</summary>
        public Stalled? Obstacle { get; init; }

        /// <summary>Whether nobody is to be removed, so that the finalizer can go.</summary>
        public bool CanFinalize { get; init; }
    }

    /// <summary>Another shard works on it.</summary>
    /// <param name="Own">The state that it has for the other shard.</param>
    /// <param name="IsInFlight">Whether the other shard may be in the middle of a reconcile, though it is this shard's
    /// now.</param>
    internal sealed record Foreign(MembershipState Own, bool IsInFlight) : MembershipState;
}
