using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Importing;

/// <summary>
/// Finds groups of people with the same access in several projects, and proposes them as teams if that makes the
/// manifests shorter. It is greedy: first the team that saves most lines, then the next among the rest. Nobody's access
/// changes.
/// </summary>
internal static class TeamProposals
{
    private const int MostTeams = 100;
    private const int MostSingles = 256;
    private const int MostPaired = 64;

    /// <summary>Returns the projects with team entries, and the teams.</summary>
    /// <param name="projects">The projects, with people only.</param>
    /// <param name="names">Names the teams.</param>
    public static (ImmutableArray<ProjectDraft> Projects, ImmutableArray<TeamDraft> Teams) Fold(
        ImmutableArray<ProjectDraft> projects,
        DocumentNames names
    )
    {
        var cells = new List<(int Project, Access Access)>();
        var signatures = SignaturesOf(projects, cells);
        var (left, teams) = (projects.ToArray(), new List<TeamDraft>());
        var ids = projects
            .SelectMany(p => p.Entries)
            .Where(e => e.Id is not null)
            .DistinctBy(e => (e.Field, e.Value))
            .ToDictionary(e => (e.Field, e.Value), e => e.Id);
        while (teams.Count < MostTeams && Best(signatures) is { } best)
        {
            var members = signatures.Where(s => best.IsSubsetOf(s.Value)).Select(s => s.Key).ToImmutableArray();
            foreach (var member in members)
                signatures[member] = signatures[member].Except(best);
            var places = best.Select(c => cells[c]).ToList();
            var name = names.Take($"{projects[places[0].Project].Name}-team", "team");
            foreach (var (project, access) in places)
                left[project] = WithTeam(left[project], name, access, [.. members]);
            teams.Add(
                new(
                    name,
                    [.. members.Select(m => (m.Field, m.Value, ids.GetValueOrDefault(m)))],
                    [.. places.Select(p => projects[p.Project].Name)]
                )
            );
        }

        return ([.. left], [.. teams.OrderBy(t => t.Name, StringComparer.Ordinal)]);
    }

    // Pending people keep entries of their own with a comment, people whose access ends keep their day, and a team
    // cannot name an id.
    private static bool HasNothingOfItsOwn(EntryDraft entry) =>
        entry is { InvitedAt: null, ExpiresAt: null, Field: not "userId" };

    // A cell is an access in a project; a person's signature is the set of their cells.
    private static SortedDictionary<(string Field, string Value), ImmutableSortedSet<int>> SignaturesOf(
        ImmutableArray<ProjectDraft> projects,
        List<(int Project, Access Access)> cells
    )
    {
        var numbers = new Dictionary<(int Project, Access Access), int>();
        var found = new SortedDictionary<(string Field, string Value), ImmutableSortedSet<int>>(
            Comparer<(string Field, string Value)>.Create(
                (a, b) =>
                    string.CompareOrdinal(a.Field, b.Field) is var byField && byField != 0
                        ? byField
                        : string.CompareOrdinal(a.Value, b.Value)
            )
        );
        for (var project = 0; project < projects.Length; project++)
        {
            foreach (var entry in projects[project].Entries.Where(HasNothingOfItsOwn))
            {
                var cell = (project, entry.Access);
                if (!numbers.TryGetValue(cell, out var number))
                {
                    numbers[cell] = number = cells.Count;
                    cells.Add(cell);
                }

                found[(entry.Field, entry.Value)] = found.GetValueOrDefault((entry.Field, entry.Value), []).Add(number);
            }
        }

        return found;
    }

    private static ImmutableSortedSet<int>? Best(
        IReadOnlyDictionary<(string Field, string Value), ImmutableSortedSet<int>> signatures
    )
    {
        var groups = signatures
            .Values.Where(s => s.Count >= 2)
            .GroupBy(s => string.Join(',', s), StringComparer.Ordinal)
            .Select(g => (Key: g.Key, Cells: g.First(), Count: g.Count()))
            .OrderByDescending(g => g.Count)
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .ToList();
        var heavy = groups.Take(MostPaired).ToList();
        var pairs = heavy
            .SelectMany((a, i) => heavy.Skip(i + 1).Select(b => a.Cells.Intersect(b.Cells)))
            .Where(c => c.Count >= 2);
        return groups
            .Take(MostSingles)
            .Select(g => g.Cells)
            .Concat(pairs)
            .DistinctBy(c => string.Join(',', c), StringComparer.Ordinal)
            .Select(c => (Cells: c, Saved: Saved(c.Count, groups.Where(g => c.IsSubsetOf(g.Cells)).Sum(g => g.Count))))
            .Where(c => c.Saved > 0)
            .OrderByDescending(c => c.Saved)
            .ThenBy(c => c.Cells.Count)
            .ThenBy(c => string.Join(',', c.Cells), StringComparer.Ordinal)
            .Select(c => c.Cells)
            .FirstOrDefault();
    }

    // One line per person and project becomes one line per person plus one line per project.
    private static int Saved(int projects, int people) => (projects * people) - projects - people;

    private static ProjectDraft WithTeam(
        ProjectDraft project,
        string team,
        Access access,
        HashSet<(string Field, string Value)> members
    ) =>
        project with
        {
            Entries =
            [
                .. project.Entries.Where(e => e.IsTeam),
                new("team", team, access),
                .. project.Entries.Where(e => !e.IsTeam && !members.Contains((e.Field, e.Value))),
            ],
        };
}
