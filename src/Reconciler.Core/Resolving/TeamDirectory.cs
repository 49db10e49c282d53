using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>A person in a team, directly or through nested teams.</summary>
/// <param name="Identity">The person.</param>
/// <param name="Manifest">The Person; null if none is declared.</param>
/// <param name="ExpiresAt">When the membership ends: the earliest end on the way; null if none ends.</param>
/// <param name="Reason">The reason in the entry; null if it states none.</param>
/// <param name="At">The entry.</param>
internal sealed record TeamPerson(
    PersonIdentity Identity,
    Person? Manifest,
    Expiry? ExpiresAt,
    string? Reason,
    Node At
);

/// <summary>Resolves teams into people; each team once.</summary>
internal sealed class TeamDirectory(ManifestSet set, PeopleDirectory people, Problems problems)
{
    private const int Deepest = 32;

    private readonly Dictionary<string, IReadOnlyList<TeamPerson>> _unfolded = new(StringComparer.Ordinal);
    private readonly List<string> _path = [];

    public IReadOnlyList<TeamPerson> PeopleOf(Manifest from, string name, FieldPlace at)
    {
        if (set.Find<Team>(from, name) is { } team)
            return Unfold(team, at);
        if (set.IsBroken<Team>(from, name))
            return [];
        // Do not suggest a team that contains this one: it would contain itself.
        var known = set.Names<Team>(from).Where(n => !_path.Contains($"{from.Metadata.NamespaceOrDefault}/{n}"));
        problems.MissingReference(
            at.Node,
            $"no Team is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, known)}"
        );
        return [];
    }

    /// <summary>Resolves every team, so that problems of unused teams are reported as well.</summary>
    public void CheckAll()
    {
        foreach (var team in set.Readable<Team>())
            Unfold(team, new(team.Origin, null));
    }

    private IReadOnlyList<TeamPerson> Unfold(Team team, FieldPlace at)
    {
        if (_unfolded.TryGetValue(team.Id, out var known))
            return known;
        if (_path.Contains(team.Id))
        {
            var cycle = _path
                .Skip(_path.IndexOf(team.Id))
                .Append(team.Id)
                .Select(id => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            problems.Error(at.Node, $"the team contains itself: {string.Join(" → ", cycle)}");
            return [];
        }

        if (_path.Count == Deepest)
        {
            problems.Error(
                at.Node,
                string.Create(CultureInfo.InvariantCulture, $"the teams are nested more than {Deepest} deep")
            );
            return [];
        }

        _path.Add(team.Id);
        // Keep each person and end once; otherwise teams that are nested several times would multiply them.
        var found = (team.Spec?.Members ?? [])
            .SelectMany(e => PeopleOf(team, e))
            .DistinctBy(p => (p.Identity.Key, p.Identity.UserId, p.ExpiresAt?.At, p.Reason))
            .ToList();
        _path.RemoveAt(_path.Count - 1);
        _unfolded[team.Id] = found;
        return found;
    }

    private IEnumerable<TeamPerson> PeopleOf(Team team, TeamEntry entry)
    {
        if (entry.Team is { } inner)
        {
            return PeopleOf(team, inner, entry.Origin.PlaceOf("team"))
                .Select(p =>
                    p with
                    {
                        ExpiresAt = Earlier(p.ExpiresAt, entry.ExpiresAt),
                        Reason = p.Reason ?? entry.Reason,
                    }
                );
        }

        CheckPin(entry.Login, entry.Id, entry.Origin, problems);
        if (entry.Login is { } login)
            return [ByLogin(login, entry.Id, entry.ExpiresAt, entry.Reason, entry.Origin)];
        if (entry.Email is { } email)
        {
            var (identity, manifest) = people.ByEmail(team, email, entry.Origin.PlaceOf("email"));
            return [new(identity, manifest, entry.ExpiresAt, entry.Reason, entry.Origin)];
        }

        return entry.Person is { } name && people.ByName(team, name, entry.Origin.PlaceOf("person")) is { } person
            ? [new(person.Identity, person.Manifest, entry.ExpiresAt, entry.Reason, entry.Origin)]
            : [];
    }

    /// <summary>Returns the person of a login; which Person that is depends on the vendor.</summary>
    public static TeamPerson ByLogin(Login login, string? pin, Expiry? expiresAt, string? reason, Node at) =>
        new(new(login.Key, null) { Login = login, UserId = pin }, null, expiresAt, reason, at);

    /// <summary>Reports an id that pins no login.</summary>
    public static void CheckPin(Login? login, string? pin, MappingNode entry, Problems problems)
    {
        if (pin is not null && login is null && !entry.Has("login"))
            problems.Error(
                entry.At("id"),
                "pins a login, and the entry names nobody by one; expected login, or no such field"
            );
        else if (pin is not null && VendorId.Problem(pin, uuid: false) is { } problem)
            problems.Error(entry.At("id"), problem);
    }

    public static Expiry? Earlier(Expiry? left, Expiry? right) =>
        left is null ? right
        : right is null ? left
        : left.At <= right.At ? left
        : right;
}
