using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Reviewing;

/// <summary>Access that a review revokes, and what becomes of that.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Project">The project as the manifests ask for it.</param>
internal sealed record Revocation(ReviewDecision Decision, DesiredProject Project)
{
    /// <summary>The entries to take out; empty where editing does not revoke the access.</summary>
    public ImmutableArray<Position> Entries { get; init; } = [];

    /// <summary>Who loses the entries.</summary>
    public string PersonKey { get; init; } = "";

    /// <summary>What a human has to do; empty for nothing.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether the manifests are edited for it.</summary>
    public bool IsEdit => !Entries.IsEmpty;
}
