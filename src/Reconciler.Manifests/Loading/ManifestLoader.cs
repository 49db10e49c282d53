using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;

namespace Reconciler.Manifests.Loading;

/// <summary>
/// Reads manifests and resolves them into the desired state: files → documents → projects, people and limits. All
/// problems are collected; none is thrown.
/// </summary>
/// <param name="vendors">The vendors that manifests may name without a definition.</param>
/// <param name="ownVariables">
/// Environment variables that are settings of the program; manifests may not name them.
/// </param>
/// <param name="clock">The clock, which decides what has expired.</param>
public sealed class ManifestLoader(VendorSet vendors, ImmutableHashSet<string> ownVariables, TimeProvider clock)
{
    /// <summary>Reads and resolves manifests.</summary>
    /// <param name="request">Which manifests, and the rules of the runner.</param>
    public ResolvedManifests Load(ManifestRequest request)
    {
        var problems = new Problems();
        PathChecks.RefuseOverlaps(request, problems);
        var rules = RulesOf(request, clock.GetUtcNow(), problems);
        var approvals = ApprovalFolder.Read(request, problems);
        var (manifests, paths, files) = ConnectionFolder.Read(request, clock, problems);
        PathChecks.RefuseEmpty(request, paths, problems);
        ApprovalFolder.Refuse(manifests, problems);
        VendorFolder.Refuse(manifests, problems);
        foreach (var (path, text) in request.Drafts)
            ManifestReader.ReadText(path, text, manifests, problems);
        var state = Resolver.Resolve(manifests, rules, problems);
        var selected = ProjectFilter.Select(manifests, state, request, problems);
        return new(manifests, selected, problems, BaselineManifests.Read(request, rules, clock, problems))
        {
            State = state,
            Rules = rules,
            Approvals = approvals,
            Files = files,
            Scope = ScopeOf(request, paths),
            Folder = request.Folder,
            Pipes = paths
                .Where(p => p.Found.IsStream)
                .Select(p => p.Found.Path)
                .ToImmutableHashSet(StringComparer.Ordinal),
            IsFiltered = request.Providers.Count > 0 || request.Projects.Count > 0,
        };
    }

    /// <summary>Resolves manifests again, with the current time and the runner's current rules.</summary>
    /// <param name="read">The manifests.</param>
    /// <param name="now">The time.</param>
    /// <param name="request">The runner's rules; if they have problems, the earlier ones are kept.</param>
    public ResolvedManifests Resolve(ResolvedManifests read, DateTimeOffset now, ManifestRequest request)
    {
        var problems = new Problems();
        var rules = RulesOf(request, now, problems);
        if (problems.HasErrors)
            (rules, problems) = (read.Rules with { Now = now }, new Problems());
        var state = Resolver.Resolve(read.Manifests, rules, problems);
        if (problems.HasErrors)
            return read with { Rules = read.Rules with { Now = now } };
        var wanted = read.Projects.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        return read with
        {
            Rules = rules,
            State = state,
            Problems = problems,
            Projects = [.. state.Projects.Where(p => !read.IsFiltered || wanted.Contains(p.Id))],
            Deleted = DeletedProjects.None,
        };
    }

    /// <summary>Reads the rules of the runner.</summary>
    /// <param name="request">The request with the rules.</param>
    /// <param name="now">The time.</param>
    /// <param name="problems">Gets every problem found.</param>
    public RunnerRules RulesOf(ManifestRequest request, DateTimeOffset now, Problems problems) =>
        new(VendorFolder.Read(request, vendors, problems), now)
        {
            AllowedHosts = [.. request.AllowedHosts.Select(h => h.ToLowerInvariant())],
            BaseUrls = request
                .BaseUrls.Select(b => b.Split('=', 2))
                .GroupBy(b => b[0], StringComparer.Ordinal)
                .ToImmutableDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal),
            BaseUrlsGivenBy = request.BaseUrlsGivenBy,
            AllowedVariables = [.. request.AllowedVariables],
            OwnVariables = ownVariables,
            Guardrails = [.. GuardrailFolder.Read(request, problems)],
            MaxRemovals = request.MaxRemovals,
            LiftsBuiltInLimits = request.LiftsBuiltInLimits,
        };

    // An empty path, or a pipe that cannot be read again, must not count as proof that a document was deleted.
    private static ReadScope ScopeOf(ManifestRequest request, IEnumerable<ReadPath> paths)
    {
        var telling = paths.ToLookup(p => p.Declares && !p.Found.IsStream, p => p.Found.Path);
        return request.Scope?.Without(telling[false])
            ?? ReadScope.OfFiles(request.Folder, telling[true], request.Exclude);
    }
}
