using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;

namespace Reconciler.Manifests.Loading;

/// <summary>
/// The manifests of a run, read and resolved by a <see cref="ManifestLoader"/>. Use them only if <see cref="Problems"/>
/// has no error.
/// </summary>
/// <param name="Manifests">All documents.</param>
/// <param name="Projects">The projects that the filters select.</param>
/// <param name="Problems">Every problem found.</param>
/// <param name="Baseline">Returns the people that an earlier revision of the manifests declared in a project.</param>
public sealed record ResolvedManifests(
    ManifestSet Manifests,
    ImmutableArray<DesiredProject> Projects,
    Problems Problems,
    Func<DesiredProject, ProjectLedger> Baseline
)
{
    /// <summary>Every connection, including those that the filters leave out.</summary>
    public ImmutableArray<DesiredProvider> Connections => State.Connections;

    /// <summary>Projects that no document declares any more; known once <see cref="WithState"/> has run.</summary>
    public DeletedProjects Deleted { get; internal init; } = DeletedProjects.None;

    /// <summary>The whole desired state, including what the filters leave out.</summary>
    public required DesiredState State { get; init; }

    /// <summary>The rules of the runner, which no manifest can change.</summary>
    public required RunnerRules Rules { get; init; }

    /// <summary>The Approvals of the runner.</summary>
    public ImmutableArray<Approval> Approvals { get; internal init; } = [];

    /// <summary>Each file that was read, with the digest of its bytes, in order.</summary>
    public ImmutableArray<SourceFile> Files { get; internal init; } = [];

    /// <summary>The files and folders that were read.</summary>
    public required ReadScope Scope { get; init; }

    internal bool IsFiltered { get; init; }

    internal string Folder { get; init; } = ".";

    // The display names of manifests from pipes.
    internal ImmutableHashSet<string> Pipes { get; init; } = [];

    /// <summary>
    /// Adds what the state file knows: the widest scope that each project was ever read with, and the projects whose
    /// documents were deleted.
    /// </summary>
    /// <param name="remembered">The ledgers of all projects.</param>
    public ResolvedManifests WithState(ImmutableArray<StoredLedger> remembered)
    {
        var applied = remembered
            .Where(r => r.Ledger?.Applied is not null)
            .ToDictionary(r => r.Key, r => r.Ledger!.Applied!);
        var scoped = Projects.Select(p =>
            p with
            {
                Scope = ScopeOf(p)
                    .Widest(applied.TryGetValue(p.Key, out var last) ? ReadScope.Parse(last.Scope) : null)
                    .ToText(),
            }
        );
        var deleted =
            IsFiltered || Problems.HasErrors
                ? DeletedProjects.None
                : DeletedProjects.Find(
                    remembered,
                    State,
                    last => ReadScope.Parse(last) is { } scope && Scope.Covers(scope)
                );
        return this with { Projects = [.. scoped, .. deleted.Revoked], Deleted = deleted };
    }

    private ReadScope ScopeOf(DesiredProject project) =>
        Pipes.Contains(project.Declared.Path) ? ReadScope.OfPipe(Folder, project.Declared.Path) : Scope;
}
