using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Loading;

/// <summary>Selects projects by <c>--provider</c> and <c>--project</c>, and reports names that match nothing.</summary>
internal static class ProjectFilter
{
    public static ImmutableArray<DesiredProject> Select(
        ManifestSet manifests,
        DesiredState state,
        ManifestRequest request,
        Problems problems
    )
    {
        // The name may be that of a document that could not be read.
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
}
