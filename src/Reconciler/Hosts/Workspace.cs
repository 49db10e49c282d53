using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Core.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;
using Reconciler.Providers;

namespace Reconciler.Hosts;

/// <summary>The manifests of a run, read and resolved; to be used only where no problem is an error.</summary>
/// <param name="Manifests">All documents.</param>
/// <param name="Projects">The projects that the filters select.</param>
/// <param name="Problems">Everything found.</param>
/// <param name="Baseline">Whom an earlier revision of the manifests declared in a project.</param>
internal sealed record Workspace(
    ManifestSet Manifests,
    ImmutableArray<DesiredProject> Projects,
    Problems Problems,
    Func<DesiredProject, ProjectLedger> Baseline
)
{
    /// <summary>Every connection, whatever the filters select.</summary>
    public ImmutableArray<DesiredProvider> Connections => State.Connections;

    /// <summary>Projects that no document declares any more.</summary>
    public DeletedProjects Deleted { get; private init; } = DeletedProjects.None;

    /// <summary>Everything that the manifests ask for, whatever the filters select.</summary>
    public required DesiredState State { get; init; }

    /// <summary>What the runner decides.</summary>
    public required RunnerRules Rules { get; init; }

    /// <summary>The Approvals of the runner.</summary>
    public ImmutableArray<Approval> Approvals { get; private init; } = [];

    /// <summary>Which manifests were read.</summary>
    public required ReadScope Scope { get; init; }

    private bool IsFiltered { get; init; }

    private string Folder { get; init; } = ".";

    // What the manifests of pipes are shown as.
    private ImmutableHashSet<string> Pipes { get; init; } = [];

    /// <summary>Reads and resolves manifests.</summary>
    public static Workspace Load(ManifestRequest request, TimeProvider clock)
    {
        var problems = new Problems();
        CheckPlaces(request, problems);
        var rules = RulesOf(request, clock.GetUtcNow(), problems);
        var approvals = ApprovalFolder.Read(request, problems);
        var (manifests, paths) = ReadManifests(request, clock, problems);
        CheckEmpty(request, paths, problems);
        ApprovalFolder.Refuse(manifests, problems);
        foreach (var (path, text) in request.Drafts)
            ManifestReader.ReadText(path, text, manifests, problems);
        var state = Resolver.Resolve(manifests, rules, problems);
        var selected = Select(manifests, state, request, problems);
        return new(manifests, selected, problems, BaselineOf(request, rules, clock, problems))
        {
            State = state,
            Rules = rules,
            Approvals = approvals,
            Scope = ScopeOf(request, paths),
            Folder = request.Folder,
            Pipes = paths
                .Where(p => p.Found.IsStream)
                .Select(p => p.Found.Path)
                .ToImmutableHashSet(StringComparer.Ordinal),
            IsFiltered = request.Providers.Count > 0 || request.Projects.Count > 0,
        };
    }

    /// <summary>These manifests, resolved anew: entries that have ended since are gone, and limits of the runner are as they are now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="request">What the runner decides now; where that has problems, what it decided before stays.</param>
    public Workspace At(DateTimeOffset now, ManifestRequest request)
    {
        var problems = new Problems();
        var rules = RulesOf(request, now, problems);
        if (problems.HasErrors)
            (rules, problems) = (Rules with { Now = now }, new Problems());
        var state = Resolver.Resolve(Manifests, rules, problems);
        if (problems.HasErrors)
            return this with { Rules = Rules with { Now = now } };
        var wanted = Projects.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        return this with
        {
            Rules = rules,
            State = state,
            Problems = problems,
            Projects = [.. state.Projects.Where(p => !IsFiltered || wanted.Contains(p.Id))],
            Deleted = DeletedProjects.None,
        };
    }

    /// <summary>This workspace, with what is remembered of its projects and of those that were deleted from it.</summary>
    /// <param name="remembered">What is remembered of all projects.</param>
    public Workspace Recall(ImmutableArray<StoredLedger> remembered)
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

    // What the runner names is not under review, so it must not lie where a change of the manifests could replace it.
    private static void CheckPlaces(ManifestRequest request, Problems problems)
    {
        foreach (var (option, path) in request.RunnersOwn)
        {
            if (ReviewedPaths.Clash(path, request.Paths, request.Folder) is not { } manifests)
                continue;
            var where =
                $"{ProblemText.Quote(path)} and the manifest path {ProblemText.Quote(manifests)} lie in one another";
            problems.Error(
                new Position(option, 0, 0),
                $"{where}, so a change of the manifests could change it too; expected a place apart from them, and manifests named by their own folder"
            );
        }
    }

    // A path that holds nothing, and one that nobody can read again, do not tell that a document was deleted.
    private static ReadScope ScopeOf(ManifestRequest request, IEnumerable<ReadPath> paths)
    {
        var telling = paths.ToLookup(p => p.Declares && !p.Found.IsStream, p => p.Found.Path);
        return request.Scope?.Without(telling[false])
            ?? ReadScope.OfFiles(request.Folder, telling[true], request.Exclude);
    }

    private ReadScope ScopeOf(DesiredProject project) =>
        Pipes.Contains(project.Declared.Path) ? ReadScope.OfPipe(Folder, project.Declared.Path) : Scope;

    // A connection among the manifests could send one vendor's token to another vendor: where the runner names the connections, it is refused.
    private static ManifestReading ReadManifests(ManifestRequest request, TimeProvider clock, Problems problems)
    {
        if (request.Connections is not { } connections)
            return ManifestReader.Read(request.Paths, request.Exclude, problems, request.Folder, clock);
        var reading = ManifestReader.Read(
            [.. request.Paths, connections],
            request.Exclude,
            problems,
            request.Folder,
            clock
        );
        var paths = reading.Paths.Select(p => p.Found).ToArray();
        var theirs = paths[^1].Files.Select(f => f.Real).ToHashSet(StringComparer.Ordinal);
        var shown = ManifestFiles
            .Ordered(paths)
            .Where(f => theirs.Contains(f.Real))
            .Select(f => f.Shown)
            .ToHashSet(StringComparer.Ordinal);
        var providers = reading
            .Manifests.Readable<AccessProvider>()
            .ToLookup(p => shown.Contains(p.Metadata.Origin.Position.Path));
        if (!providers[true].Any() && !reading.Manifests.MayLack<AccessProvider>())
            problems.Error(new Position(connections, 0, 0), "holds no AccessProvider; expected at least one");
        foreach (var provider in providers[false])
        {
            problems.Error(
                provider.Metadata.Origin,
                $"AccessProvider {provider.Id} stands among the manifests; with --connections the only ones are those of {connections}"
            );
        }

        return reading with
        {
            Paths = reading.Paths[..^1],
        };
    }

    // A folder that holds nothing is a checkout that went wrong, more often than a wish that nobody has access.
    private static void CheckEmpty(ManifestRequest request, IReadOnlyCollection<ReadPath> paths, Problems problems)
    {
        if (request.AllowsEmpty)
            return;
        var nothing = !paths.Any(p => p.Declares);
        foreach (var path in paths.Where(p => !p.Declares && p.Found.IsWhole))
        {
            // A shell's pattern may name files of other groups, too.
            if (path.HoldsOthers && path.Found.Kind != FileKind.Folder && !nothing)
                continue;
            var count = path.Found.Files.Length;
            var among =
                path.Found.Kind != FileKind.Folder || count == 0
                    ? ""
                    : $" in {TextNames.Count(count, "file", "files")}";
            var besides =
                request.Exclude.Count > 0 && path.Found.Kind == FileKind.Folder ? " besides what is excluded" : "";
            problems.Error(
                new Position(path.Found.Path, 0, 0),
                $"holds no document of {Manifest.ApiVersion}{among}{besides}; expected at least one, or {request.AllowsEmptyBy} where none is meant"
            );
        }
    }

    internal static RunnerRules RulesOf(ManifestRequest request, DateTimeOffset now, Problems problems)
    {
        var before = problems.ErrorCount;
        var guardrails = request.Guardrails is { } path
            ? ManifestReader.ReadAll([path], [], problems, request.Folder).All<Guardrail>()
            : [];
        if (request.Guardrails is { } given && guardrails.Count == 0 && problems.ErrorCount == before)
            problems.Error(new Position(given, 0, 0), "holds no Guardrail; expected at least one");
        return new(ProviderCatalog.Vendors, now)
        {
            AllowedHosts = [.. request.AllowedHosts.Select(h => h.ToLowerInvariant())],
            BaseUrls = request
                .BaseUrls.Select(b => b.Split('=', 2))
                .GroupBy(b => b[0], StringComparer.Ordinal)
                .ToImmutableDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal),
            BaseUrlsGivenBy = request.BaseUrlsGivenBy,
            AllowedVariables = [.. request.AllowedVariables],
            OwnVariables = OwnVariables.All,
            Guardrails = [.. guardrails],
            MaxRemovals = request.MaxRemovals,
            LiftsBuiltInLimits = request.LiftsBuiltInLimits,
        };
    }

    private static ImmutableArray<DesiredProject> Select(
        ManifestSet manifests,
        DesiredState state,
        ManifestRequest request,
        Problems problems
    )
    {
        // Where a membership cannot be read at all, what seems missing may be it.
        if (!manifests.MayLack<ProjectMembership>())
        {
            var all = manifests.Readable<ProjectMembership>();
            CheckFilter(
                "--provider",
                request.Providers,
                [.. all.Where(p => p.Spec?.Provider is not null).SelectMany(ProviderNames)],
                problems
            );
            CheckFilter("--project", request.Projects, [.. all.SelectMany(ProjectNames)], problems);
        }

        return
        [
            .. state.Projects.Where(p =>
                IsWanted(request.Providers, ProviderNames(p)) && IsWanted(request.Projects, ProjectNames(p))
            ),
        ];
    }

    private static string[] ProviderNames(ProjectMembership project) =>
        [project.Spec.Provider, $"{project.Metadata.NamespaceOrDefault}/{project.Spec.Provider}"];

    private static IEnumerable<string> ProjectNames(ProjectMembership project) =>
        new[] { project.Metadata.Name, project.Id, project.Spec?.ProjectId }.OfType<string>();

    private static string[] ProviderNames(DesiredProject project) => [project.Provider.Name, project.Provider.Id];

    private static string[] ProjectNames(DesiredProject project) =>
        [project.Id[(project.Id.IndexOf('/', StringComparison.Ordinal) + 1)..], project.Id, project.ProjectId];

    private static bool IsWanted(IReadOnlyList<string> wanted, string[] names) =>
        wanted.Count == 0 || names.Any(wanted.Contains);

    private static void CheckFilter(
        string option,
        IReadOnlyList<string> wanted,
        HashSet<string> known,
        Problems problems
    )
    {
        foreach (var name in wanted.Where(n => !known.Contains(n)))
        {
            problems.Error(
                new Position(option, 0, 0),
                $"nothing is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, known)}"
            );
        }
    }

    // Whoever the earlier revision declared is owned. Its warnings were said when it was the newest.
    private static Func<DesiredProject, ProjectLedger> BaselineOf(
        ManifestRequest request,
        RunnerRules rules,
        TimeProvider clock,
        Problems problems
    )
    {
        if (request.Baseline is not { } path)
            return _ => ProjectLedger.None;
        var found = new Problems();
        var (manifests, paths) = ManifestReader.Read([path], request.Exclude, found, request.Folder, clock);
        CheckEmpty(request, paths, found);
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
        var ledgers = new System.Collections.Concurrent.ConcurrentDictionary<ProjectKey, ProjectLedger>();
        return project =>
            ledgers.GetOrAdd(project.Key, key => ProjectLedger.FromBaseline(byKey.GetValueOrDefault(key)));
    }
}
