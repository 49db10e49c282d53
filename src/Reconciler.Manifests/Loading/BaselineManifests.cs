using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;

namespace Reconciler.Manifests.Loading;

/// <summary>Reads an earlier revision of the manifests: the people that it declares count as owned.</summary>
internal static class BaselineManifests
{
    // Only errors are reported: warnings were printed when that revision was applied.
    public static Func<DesiredProject, ProjectLedger> Read(
        ManifestRequest request,
        RunnerRules rules,
        TimeProvider clock,
        Problems problems
    )
    {
        if (request.Baseline is not { } path)
            return _ => ProjectLedger.None;
        var found = new Problems();
        var (manifests, paths, _) = ManifestReader.Read([path], request.Exclude, found, request.Folder, clock);
        PathChecks.RefuseEmpty(request, paths, found);
        var names = manifests.All<AccessProvider>().Select(p => p.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var known = rules with
        {
            Guardrails = [],
            BaseUrls = rules.BaseUrls.Where(b => names.Contains(b.Key)).ToImmutableDictionary(StringComparer.Ordinal),
        };
        var baseline = Resolver.Resolve(manifests, known, found);
        foreach (var problem in found.Sorted.Where(p => p.Severity == Severity.Error))
            problems.Error(
                problem.Position,
                $"{(problem.Field.Length > 0 ? problem.Field + ": " : "")}{problem.Message} (in the baseline)"
            );
        var byKey = baseline.Projects.DistinctBy(p => p.Key).ToDictionary(p => p.Key);
        var ledgers = new ConcurrentDictionary<ProjectKey, ProjectLedger>();
        return project =>
            ledgers.GetOrAdd(project.Key, key => ProjectLedger.FromBaseline(byKey.GetValueOrDefault(key)));
    }
}
