using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Explaining;

/// <summary>One entry on the way from a project to a person.</summary>
/// <param name="At">The place of the entry.</param>
/// <param name="Team">The name of the team that the entry names; null if it names the person.</param>
public sealed record PathStep(Position At, string? Team);

/// <summary>One way by which the manifests give a person access to a project.</summary>
/// <param name="Steps">The entries: the project's first, then those of teams.</param>
/// <param name="Role">The name of the AccessRole; null if the access is spelled out.</param>
public sealed record AccessPath(ImmutableArray<PathStep> Steps, string? Role)
{
    /// <summary>When it ends: the earliest end on the way; null if none ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The reason in the entry that is next to the person; null if there is none.</summary>
    public string? Reason { get; init; }
}
