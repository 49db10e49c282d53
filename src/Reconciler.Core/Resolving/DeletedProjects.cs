using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Projects that were applied once and that no document declares any more.</summary>
/// <param name="Revoked">
/// Those whose deletion policy takes away what Reconciler granted, to be planned like others.
/// </param>
/// <param name="Orphaned">Those whose deletion policy leaves everybody in: they are only forgotten.</param>
/// <param name="Stranded">
/// Those to be revoked whose account no AccessProvider connects to any more: nothing can be done until one does.
/// </param>
public sealed record DeletedProjects(
    ImmutableArray<DesiredProject> Revoked,
    ImmutableArray<StoredLedger> Orphaned,
    ImmutableArray<StoredLedger> Stranded
)
{
    /// <summary>
    /// Those to be revoked that no document declares here, while not everything they were read from was read again:
    /// they may stand there still.
    /// </summary>
    public ImmutableArray<StoredLedger> NotJudged { get; init; } = [];

    /// <summary>No project was deleted, or nobody can tell.</summary>
    public static DeletedProjects None { get; } = new([], [], []);

    /// <summary>
    /// Finds them. To be called only with manifests that were read whole and without a problem. A project that is
    /// declared under another name is not deleted; one whose document names another project id now is. Where no project
    /// is declared at all, nobody deleted them one by one: something is wrong with the source, and none counts as
    /// deleted.
    /// </summary>
    /// <param name="remembered">What is remembered of all projects.</param>
    /// <param name="state">What the manifests ask for.</param>
    /// <param name="isReadAgain">Whether everything that a remembered scope names was read again.</param>
    public static DeletedProjects Find(
        ImmutableArray<StoredLedger> remembered,
        DesiredState state,
        Func<string, bool> isReadAgain
    )
    {
        if (state.Projects.IsEmpty)
            return None;
        var declared = state.Projects.Select(p => p.Key).ToHashSet();
        var undeclared = remembered
            .Where(r => r.Ledger?.Applied is not null && !declared.Contains(r.Key))
            .ToLookup(r => isReadAgain(r.Ledger!.Applied!.Scope));
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
            // Where nothing leads to the account any more, its address may only have been changed: what is remembered
            // is kept.
            [
                .. gone.Where(r =>
                    r.Ledger!.Applied!.DeletionPolicy == DeletionPolicy.Orphan && ProviderOf(r.Key, state) is not null
                ),
            ],
            [.. toRevoke[null]]
        )
        {
            NotJudged = [.. undeclared[false].Where(IsToRevoke)],
        };
    }

    private static bool IsToRevoke(StoredLedger remembered) =>
        remembered.Ledger!.Applied!.DeletionPolicy == DeletionPolicy.Revoke;

    private static DesiredProvider? ProviderOf(ProjectKey key, DesiredState state) =>
        state.Connections.FirstOrDefault(c => c.Vendor.Type == key.VendorType && c.BaseUrl.AbsoluteUri == key.BaseUrl);

    /// <summary>What takes away what Reconciler granted in a project that no document declares any more.</summary>
    /// <param name="remembered">What is remembered of it; it was applied once.</param>
    /// <param name="provider">The connection to its account.</param>
    /// <param name="state">What the manifests and the runner say now.</param>
    public static DesiredProject Revoke(StoredLedger remembered, DesiredProvider provider, DesiredState state)
    {
        var applied = remembered.Ledger!.Applied!;
        // The limits last applied judge the deletion too: a change that deletes a project may have deleted its
        // Guardrail just before. What the runner says now, and what is stated now for projects without labels, counts
        // beside them.
        var runner = state.Runners.GetValueOrDefault(provider.Id) ?? RunnerLimits.None;
        var limits = runner.With(applied.Labels, applied.Limits ?? Limits.None);
        var undeclared = state.UndeclaredLimits.GetValueOrDefault(provider.Id) ?? Limits.None;
        // The document's name may be taken by its successor with another project id: the id makes it one of a kind.
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
