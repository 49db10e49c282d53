using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Importing;

/// <summary>
/// Drafts manifests for projects as they are. Pure: the same projects and manifests always give the same draft,
/// whatever the order in which the vendor lists them.
/// </summary>
public static class ImportDrafter
{
    /// <summary>A draft with an entry a person and their access spelled out.</summary>
    /// <param name="provider">The connection.</param>
    /// <param name="existing">The manifests that are there: their names are taken, and their Persons are named.</param>
    /// <param name="projects">The projects as read.</param>
    public static ImportDraft People(DesiredProvider provider, ManifestSet existing, IEnumerable<ReadProject> projects)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(existing);
        var people = new PeopleDraft(provider, Of<Person>(existing, provider));
        var names = new DocumentNames(Of<ProjectMembership>(existing, provider).Select(p => p.Metadata.Name));
        var sorted = projects
            .OrderBy(p => p.Place.Name ?? "", StringComparer.Ordinal)
            .ThenBy(p => p.Place.Id, StringComparer.Ordinal);
        return new(
            provider,
            [.. sorted.Select(p => people.Of(names.Take(p.Place.Name ?? "", $"{provider.Name}-{p.Place.Id}"), p))]
        );
    }

    /// <summary>The draft without entries that the manifests' own rules refuse.</summary>
    /// <param name="draft">A draft of people.</param>
    /// <param name="refused">Why, by the name of a project's document and the place of an entry in it.</param>
    public static ImportDraft Without(
        ImportDraft draft,
        IReadOnlyDictionary<(string Project, int Entry), string> refused
    )
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(refused);
        return draft with { Projects = [.. draft.Projects.Select(p => Without(p, refused))] };
    }

    /// <summary>The draft with teams and roles in place of what recurs.</summary>
    /// <param name="draft">A draft of people.</param>
    /// <param name="existing">
    /// The manifests that are there: roles that mean the same are used, and no name is given twice.
    /// </param>
    public static ImportDraft Fold(ImportDraft draft, ManifestSet existing)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(existing);
        var names = new DocumentNames(Of<Team>(existing, draft.Provider).Select(t => t.Metadata.Name));
        var (teamed, teams) = TeamProposals.Fold(draft.Projects, names);
        var (projects, roles) = RoleProposals.Fold(teamed, draft.Provider, Of<AccessRole>(existing, draft.Provider));
        return draft with { Projects = projects, Teams = teams, Roles = roles };
    }

    private static ProjectDraft Without(
        ProjectDraft project,
        IReadOnlyDictionary<(string Project, int Entry), string> refused
    )
    {
        var judged = project
            .Entries.Select((entry, i) => (Entry: entry, Why: refused.GetValueOrDefault((project.Name, i))))
            .ToList();
        var leftOut = judged
            .Where(j => j.Why is not null)
            .Select(j => new PersonLeftOut(j.Entry.Value, $"is refused: {j.Why}"));
        return project with
        {
            Entries = [.. judged.Where(j => j.Why is null).Select(j => j.Entry)],
            LeftOut = [.. project.LeftOut.Concat(leftOut).OrderBy(l => l.Person, StringComparer.Ordinal)],
        };
    }

    private static IReadOnlyList<T> Of<T>(ManifestSet set, DesiredProvider provider)
        where T : Manifest => [.. set.All<T>().Where(m => m.Metadata.NamespaceOrDefault == provider.Namespace)];
}
