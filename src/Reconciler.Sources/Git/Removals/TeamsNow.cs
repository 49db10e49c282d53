using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Sources.Git.Removals;

/// <summary>What the manifests say about teams now, from which their history is followed backwards.</summary>
public sealed class TeamsNow
{
    private readonly Dictionary<string, HashSet<string>> _teamsOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _containing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _teamsWith = new(StringComparer.Ordinal);

    private TeamsNow() { }

    /// <summary>Collects the teams of some manifests.</summary>
    /// <param name="manifests">The manifests.</param>
    public static TeamsNow Of(ManifestSet manifests)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        var now = new TeamsNow();
        var teams = manifests.All<Team>();
        foreach (var team in teams)
        {
            foreach (var inner in team.Spec.Members.Select(m => m.Team).OfType<string>())
                Add(now._containing, KeyOf(team, inner), KeyOf(team, team.Metadata.Name));
        }

        foreach (var team in teams)
        {
            foreach (var word in team.Spec.Members.SelectMany(m => Words(manifests, team, m)))
            {
                foreach (var around in now.AndAround(KeyOf(team, team.Metadata.Name)))
                    Add(now._teamsWith, word.ToLowerInvariant(), around);
            }
        }

        foreach (var project in manifests.All<ProjectMembership>())
            now.Name(manifests, project);
        return now;
    }

    /// <summary>The keys of the teams that a project names, directly or through other teams.</summary>
    internal IEnumerable<string> TeamsOf(string project) => _teamsOf.GetValueOrDefault(project) ?? [];

    /// <summary>The keys of the teams that a person is in, directly or through other teams.</summary>
    internal IEnumerable<string> TeamsWith(string word) => _teamsWith.GetValueOrDefault(word.ToLowerInvariant()) ?? [];

    private void Name(ManifestSet manifests, ProjectMembership project)
    {
        var key = ChangedDocument.KeyOf(nameof(ProjectMembership), project.Id);
        var left = new Stack<string>((project.Spec.Members ?? []).Select(m => m.Team).OfType<string>());
        while (left.TryPop(out var name))
        {
            if (!Add(_teamsOf, key, KeyOf(project, name)) || manifests.Find<Team>(project, name) is not { } team)
                continue;
            foreach (var inner in team.Spec.Members.Select(m => m.Team).OfType<string>())
                left.Push(inner);
        }
    }

    private HashSet<string> AndAround(string team)
    {
        var (found, left) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>([team]));
        while (left.TryPop(out var next))
        {
            if (!found.Add(next))
                continue;
            foreach (var around in _containing.GetValueOrDefault(next) ?? [])
                left.Push(around);
        }

        return found;
    }

    private static IEnumerable<string> Words(ManifestSet manifests, Team team, TeamEntry entry)
    {
        if (entry.Email is { } email)
            return [email.Text];
        if (entry.Login is { } login)
            return [login.Text];
        return entry.Person is { } name && manifests.Find<Person>(team, name) is { } person
            ? (person.Spec.Aliases ?? []).Prepend(person.Spec.Email).Select(e => e.Text)
            : [];
    }

    private static string KeyOf(Manifest from, string team) =>
        ChangedDocument.KeyOf(nameof(Team), $"{from.Metadata.NamespaceOrDefault}/{team}");

    private static bool Add(Dictionary<string, HashSet<string>> sets, string key, string value)
    {
        if (!sets.TryGetValue(key, out var set))
            sets[key] = set = new(StringComparer.Ordinal);
        return set.Add(value);
    }
}
