using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Providers;
using Reconciler.Sources;

namespace Reconciler.Hosts;

/// <summary>The manifests of a run, read and resolved; to be used only where no problem is an error.</summary>
/// <param name="Manifests">All documents.</param>
/// <param name="Projects">The projects that the filters select.</param>
/// <param name="Problems">Everything found.</param>
/// <param name="Ledgers">What is remembered of a project.</param>
internal sealed record Workspace(ManifestSet Manifests, ImmutableArray<DesiredProject> Projects, Problems Problems, Func<DesiredProject, ProjectLedger> Ledgers)
{
    /// <summary>Every connection, whatever the filters select.</summary>
    public ImmutableArray<DesiredProvider> Connections { get; private init; } = [];

    /// <summary>The limits of projects that no manifest declares, by namespace.</summary>
    public ImmutableDictionary<string, Limits> UndeclaredLimits { get; private init; } = ImmutableDictionary<string, Limits>.Empty;

    /// <summary>Reads and resolves manifests.</summary>
    public static Workspace Load(ManifestRequest request, TimeProvider clock)
    {
        var problems = new Problems();
        var rules = RulesOf(request, clock, problems);
        var manifests = ManifestReader.ReadAll(request.Paths, request.Exclude, problems, request.Folder);
        foreach (var (path, text) in request.Drafts) ManifestReader.ReadText(path, text, manifests, problems);
        var state = Resolver.Resolve(manifests, rules, problems);
        var selected = Select(state, request, problems);
        return new(manifests, selected, problems, LedgersOf(request, rules, problems)) { Connections = state.Connections, UndeclaredLimits = state.UndeclaredLimits };
    }

    private static RunnerRules RulesOf(ManifestRequest request, TimeProvider clock, Problems problems)
    {
        var guardrails = request.Guardrails is { } path ? ManifestReader.ReadAll([path], [], problems, request.Folder).All<Guardrail>() : [];
        if (request.Guardrails is { } given && guardrails.Count == 0 && !problems.HasErrors) problems.Error(new Position(given, 0, 0), "holds no Guardrail; expected at least one");
        return new(ProviderCatalog.Vendors, clock.GetUtcNow())
        {
            AllowedHosts = [.. request.AllowedHosts.Select(h => h.ToLowerInvariant())],
            BaseUrls = request.BaseUrls.Select(b => b.Split('=', 2)).GroupBy(b => b[0], StringComparer.Ordinal).ToImmutableDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal),
            AllowedVariables = [.. request.AllowedVariables],
            Guardrails = [.. guardrails],
            MaxRemovals = request.MaxRemovals,
            LiftsBuiltInLimits = request.LiftsBuiltInLimits,
        };
    }

    private static ImmutableArray<DesiredProject> Select(DesiredState state, ManifestRequest request, Problems problems)
    {
        CheckFilter("--provider", request.Providers, [.. state.Projects.SelectMany(ProviderNames)], problems);
        CheckFilter("--project", request.Projects, [.. state.Projects.SelectMany(ProjectNames)], problems);
        return [.. state.Projects.Where(p => IsWanted(request.Providers, ProviderNames(p)) && IsWanted(request.Projects, ProjectNames(p)))];
    }

    private static string[] ProviderNames(DesiredProject project) => [project.Provider.Name, project.Provider.Id];

    private static string[] ProjectNames(DesiredProject project) => [project.Id[(project.Id.IndexOf('/', StringComparison.Ordinal) + 1)..], project.Id, project.ProjectId];

    private static bool IsWanted(IReadOnlyList<string> wanted, string[] names) => wanted.Count == 0 || names.Any(wanted.Contains);

    private static void CheckFilter(string option, IReadOnlyList<string> wanted, HashSet<string> known, Problems problems)
    {
        // Where manifests have errors, what seems missing may be among them.
        if (problems.HasErrors) return;
        foreach (var name in wanted.Where(n => !known.Contains(n)))
        {
            problems.Error(new Position(option, 0, 0), $"nothing is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, known)}");
        }
    }

    // Whoever the earlier revision declared is owned. Its warnings were said when it was the newest.
    private static Func<DesiredProject, ProjectLedger> LedgersOf(ManifestRequest request, RunnerRules rules, Problems problems)
    {
        if (request.Baseline is not { } path) return _ => ProjectLedger.None;
        var found = new Problems();
        var manifests = ManifestReader.ReadAll([path], request.Exclude, found, request.Folder);
        var names = manifests.All<AccessProvider>().Select(p => p.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var known = rules with { Guardrails = [], BaseUrls = rules.BaseUrls.Where(b => names.Contains(b.Key)).ToImmutableDictionary(StringComparer.Ordinal) };
        var baseline = Resolver.Resolve(manifests, known, found);
        foreach (var problem in found.Sorted.Where(p => p.Severity == Severity.Error)) problems.Error(problem.Position, $"{(problem.Field.Length > 0 ? problem.Field + ": " : "")}{problem.Message} (in the baseline)");
        var byKey = baseline.Projects.DistinctBy(p => p.Key).ToDictionary(p => p.Key);
        var ledgers = new System.Collections.Concurrent.ConcurrentDictionary<ProjectKey, ProjectLedger>();
        return project => ledgers.GetOrAdd(project.Key, key => ProjectLedger.FromBaseline(byKey.GetValueOrDefault(key)));
    }
}
