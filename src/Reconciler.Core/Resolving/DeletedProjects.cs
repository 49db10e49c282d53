using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Projects that were applied once and that no document declares any more.</summary>
/// <param name="Revoked">
/// Projects whose deletion policy revokes what Reconciler granted; they are planned like others.
/// </param>
/// <param name="Orphaned">Projects whose deletion policy keeps all access; only their ledger is deleted.</param>
/// <param name="Unreachable">
/// Projects to be revoked whose account no AccessProvider connects to; nothing can be done until one does.
/// </param>
public sealed record DeletedProjects(
    ImmutableArray<DesiredProject> Revoked,
    ImmutableArray<StoredLedger> Orphaned,
    ImmutableArray<StoredLedger> Unreachable
)
{
    /// <summary>
    /// Projects to be revoked that may still be declared, because not everything they were last read from was read
    /// again.
    /// </summary>
    public ImmutableArray<StoredLedger> NotJudged { get; init; } = [];

    /// <summary>
    /// Projects that are declared by another name of their vendor: nobody is removed from them, since both names lead
    /// to the same people.
    /// </summary>
    public ImmutableArray<StoredLedger> Renamed { get; init; } = [];

    /// <summary>No deleted projects are known.</summary>
    public static DeletedProjects None { get; } = new([], [], []);

    /// <summary>
    /// Finds deleted projects. Call it only with manifests that were read completely and without problems. A project
    /// that is declared under another name, or by another name of its vendor, is not deleted; a project whose document
    /// now names another project id is. If no project is declared at all, the source is assumed to be broken and none
    /// counts as deleted.
    /// </summary>
    /// <param name="remembered">The ledgers of all projects.</param>
    /// <param name="state">The desired state.</param>
    /// <param name="isReadAgain">Whether everything that a remembered scope names was read again.</param>
    public static DeletedProjects Find(
        ImmutableArray<StoredLedger> remembered,
        DesiredState state,
        Func<string, bool> isReadAgain
    )
    {
        if (state.Projects.IsEmpty)
            return None;
        var declared = state.Projects.ToLookup(p => ProjectPlace.Of(p.Key));
        var others = remembered
            .Where(r => r.Ledger?.Applied is not null && declared[ProjectPlace.Of(r.Key)].All(d => d.Key != r.Key))
            .ToLookup(r => IsRenamed(r.Key));
        var undeclared = others[false].ToLookup(r => isReadAgain(r.Ledger!.Applied!.Scope));
        var gone = undeclared[true];
        var toRevoke = gone.Where(IsToRevoke).ToLookup(r => ProviderOf(r.Key, state));
        return new(
            [
                .. toRevoke
                    .Where(g => g.Key is not null)
                    .SelectMany(g => g.Select(r => Revoke(r, g.Key!, state)))
                    .OrderBy(p => p.Provider.Id, StringComparer.Ordinal)
                    .ThenBy(p => p.Id, StringComparer.Ordinal),
            ],
            // If no connection leads to the account any more, its address may only have changed, so the ledger is kept.
            [
                .. gone.Where(r =>
                    r.Ledger!.Applied!.DeletionPolicy == DeletionPolicy.Orphan && ProviderOf(r.Key, state) is not null
                ),
            ],
            [.. toRevoke[null]]
        )
        {
            NotJudged = [.. undeclared[false].Where(IsToRevoke)],
            Renamed = [.. others[true]],
        };

        bool IsRenamed(ProjectKey key) =>
            declared[ProjectPlace.Of(key)]
                .Any(d =>
                    ProjectPlace.IsRenamed(d.Key, key) && d.Provider.Vendor.MayBe(ProviderOf(key, state)?.Vendor)
                );
    }

    private static bool IsToRevoke(StoredLedger remembered) =>
        remembered.Ledger!.Applied!.DeletionPolicy == DeletionPolicy.Revoke;

    private static DesiredProvider? ProviderOf(ProjectKey key, DesiredState state) =>
        state.Connections.FirstOrDefault(c => c.Vendor.Type == key.VendorType && c.BaseUrl.AbsoluteUri == key.BaseUrl);

    /// <summary>
    /// Returns a desired project that revokes what Reconciler granted in a project that no document declares any more.
    /// </summary>
    /// <param name="remembered">The ledger of the project, which was applied at least once.</param>
    /// <param name="provider">The connection to its account.</param>
    /// <param name="state">The desired state, with the runner's current limits.</param>
    public static DesiredProject Revoke(StoredLedger remembered, DesiredProvider provider, DesiredState state)
    {
        var applied = remembered.Ledger!.Applied!;
        // The limits last applied also judge the deletion, because the same change may have deleted the project's
        // Guardrail. The runner's current limits, and those for projects without labels, count as well.
        var runner = state.Runners.GetValueOrDefault(provider.Id) ?? RunnerLimits.None;
        var limits = runner.With(applied.Labels, applied.Limits ?? Limits.None);
        var undeclared = state.UndeclaredLimits.GetValueOrDefault(provider.Id) ?? Limits.None;
        // A new document of the same name may declare another project, so the project id makes this id unique.
        return new(
            $"{applied.Document} (deleted: {applied.ProjectId} at {provider.Name})",
            provider,
            applied.ProjectId,
            []
        )
        {
            IsDeleted = true,
            DeletionPolicy = DeletionPolicy.Revoke,
            Prune = PrunePolicy.Owned,
            Scope = applied.Scope,
            Limits = limits.And(undeclared.Stated()),
            Declared = Position.None,
        };
    }
}
