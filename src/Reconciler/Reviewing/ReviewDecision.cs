using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Reviewing;

/// <summary>What a reviewer decided of one row of an access review.</summary>
/// <param name="Person">The person, as the review shows them.</param>
/// <param name="Provider">The namespace and name of the AccessProvider.</param>
/// <param name="Project">The namespace and name of the ProjectMembership.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="Revokes">Whether the access shall end; else it is kept, or only commented on.</param>
/// <param name="At">Where the decision stands in its file.</param>
internal sealed record ReviewDecision(
    string Person,
    string Provider,
    string Project,
    string ProjectId,
    bool Revokes,
    Position At
)
{
    /// <summary>Whether the row is kept.</summary>
    public bool Keeps { get; init; }

    /// <summary>What the reviewer wrote about it; empty for nothing.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What manifests said of the row: <c>declared</c>, <c>unmanaged</c>, <c>leaving</c>, <c>leftAlone</c>.
    /// </summary>
    public string Standing { get; init; } = "";

    /// <summary>What the row was at the vendor: <c>member</c>, <c>invited</c>, <c>absent</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>The address at the vendor; empty where it has none.</summary>
    public string Account { get; init; } = "";

    /// <summary>Whether Reconciler granted the access, or found it as declared.</summary>
    public bool Owned { get; init; }
}

/// <summary>The decisions of one reviewer, and the review that they belong to.</summary>
/// <param name="Files">The manifests that the review read.</param>
/// <param name="Decisions">The decisions, in the order of the review.</param>
internal sealed record ReviewDecisions(ImmutableArray<SourceFile> Files, ImmutableArray<ReviewDecision> Decisions)
{
    /// <summary>When the review was made.</summary>
    public required DateTimeOffset ReviewedAt { get; init; }

    /// <summary>The commit of its manifests; empty where there was none.</summary>
    public string Commit { get; init; } = "";

    /// <summary>Who decided; empty where they do not say.</summary>
    public string Reviewer { get; init; } = "";
}
