using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Importing;

/// <summary>
/// Drafts manifests for projects as they are. A pure function: equal inputs give an equal draft, whatever the order in
/// which the vendor lists people.
/// </summary>
public static class ImportDrafter
{
    /// <summary>Drafts one entry per person, with the access spelled out.</summary>
    /// <param name="provider">The connection.</param>
    /// <param name="existing">The existing manifests: their names are taken, and their Persons are used.</param>
    /// <param name="projects">The projects as read.</param>
    /// <param name="now">The time of the import.</param>
    /// <param name="chosen">Names that a person chose for documents, by the project's id; null for none.</param>
    public static ImportDraft People(
        DesiredProvider provider,
        ManifestSet existing,
        IEnumerable<ReadProject> projects,
        DateTimeOffset now,
        IReadOnlyDictionary<string, string>? chosen = null
    )
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(existing);
        var people = new PeopleDraft(provider, Of<Person>(existing, provider), now);
        var names = new DocumentNames(
            Of<ProjectMembership>(existing, provider).Select(p => p.Metadata.Name).Concat(chosen?.Values ?? [])
        );
        var sorted = projects
            .OrderBy(p => p.Place.Name ?? "", StringComparer.Ordinal)
            .ThenBy(p => p.Place.Id, StringComparer.Ordinal);
        return new(
            provider,
            [
                .. sorted.Select(p =>
                    people.Of(
                        chosen?.GetValueOrDefault(p.Place.Id)
                            ?? names.Take(p.Place.Name ?? "", $"{provider.Name}-{p.Place.Id}"),
                        p
                    )
                ),
            ]
        );
    }

    /// <summary>Removes the entries that the manifests' own rules refuse.</summary>
    /// <param name="draft">A draft of people.</param>
    /// <param name="refused">The reasons, by the name of a project's document and the index of an entry in it.</param>
    public static ImportDraft Without(
        ImportDraft draft,
        IReadOnlyDictionary<(string Project, int Entry), string> refused
    )
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(refused);
        return draft with { Projects = [.. draft.Projects.Select(p => Without(p, refused))] };
    }

    /// <summary>Replaces repeated entries by teams, and repeated access by roles.</summary>
    /// <param name="draft">A draft of people.</param>
    /// <param name="existing">
    /// The existing manifests: their roles are used if they mean the same, and their names are taken.
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
