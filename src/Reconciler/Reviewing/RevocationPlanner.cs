using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Manifests.Loading;

namespace Reconciler.Reviewing;

/// <summary>
/// Finds the entries of manifests that give revoked access. Access that comes through a team, or from no manifest, is
/// left to a human, with what to do.
/// </summary>
/// <param name="resolved">The manifests.</param>
/// <param name="decisions">All decisions of the review.</param>
internal sealed class RevocationPlanner(ResolvedManifests resolved, IReadOnlyCollection<ReviewDecision> decisions)
{
    private const int MostProjects = 5;

    private readonly Dictionary<Position, MemberEntry> _entries = resolved
        .Manifests.All<ProjectMembership>()
        .SelectMany(p => p.Spec.Members ?? [])
        .DistinctBy(e => e.Origin.Position)
        .ToDictionary(e => e.Origin.Position);

    /// <summary>What becomes of a decision to revoke; null, and a problem, where the manifests know no such project.
    /// </summary>
    /// <param name="decision">The decision.</param>
    /// <param name="problems">Gets the problem.</param>
    public Revocation? Of(ReviewDecision decision, Problems problems)
    {
        var project = resolved.State.Projects.FirstOrDefault(p =>
            p.Id == decision.Project && p.Provider.Id == decision.Provider && p.ProjectId == decision.ProjectId
        );
        if (project is null)
        {
            problems.Error(
                decision.At,
                $"names the project {TextNames.Short(decision.Project)} ({decision.ProjectId}) of "
                    + $"{TextNames.Short(decision.Provider)}, which these manifests do not declare"
            );
            return null;
        }

        var found = new Revocation(decision, project);
        if (decision.Standing == "leftAlone")
            return found with
            {
                Advice =
                    "it is ignored, protected or a machine account, so Reconciler never removes it: take it out at "
                    + "the vendor",
            };
        var key = EmailAddress.KeyOf(decision.Person);
        if (project.Members.FirstOrDefault(m => IsNamed(m.Person, decision.Person, key)) is { } member)
            return OfDeclared(found, member);
        return project.Removals.Any(r => IsNamed(r.Person, decision.Person, key)) || decision.Standing == "leaving"
            ? found with
            {
                Advice = "no manifest declares it any more, and the next apply takes it away: nothing to edit",
            }
            : found with
            {
                Advice =
                    "no manifest declares it: take it out at the vendor, or set prune: all in "
                    + $"{project.Declared}, which takes out everybody who is not declared",
            };
    }

    private static bool IsNamed(PersonIdentity person, string text, string key) =>
        person.Label == text || person.Key == key || person.Aliases.Contains(key, StringComparer.Ordinal);

    private Revocation OfDeclared(Revocation found, DesiredMember member)
    {
        // One entry declares all rows of a person in a project, so taking it out would end what was not revoked.
        if (decisions.FirstOrDefault(d => !d.Revokes && IsSamePlace(d, found.Decision) && IsOf(d, member)) is { } other)
            return found with { Advice = OfStaying(found.Decision, other) };
        var teams = member.Declared.Where(p => _entries.GetValueOrDefault(p) is { Team: not null }).ToList();
        if (teams.Count > 0)
            return found with { Advice = Joined(OfTeam(member, teams), LeftAtVendor(found)) };
        return found with
        {
            Entries = [.. member.Declared.Where(_entries.ContainsKey)],
            PersonKey = member.Person.Key,
            Advice = LeftAtVendor(found),
        };
    }

    private static bool IsSamePlace(ReviewDecision one, ReviewDecision other) =>
        one.Provider == other.Provider && one.Project == other.Project && one.ProjectId == other.ProjectId;

    private static bool IsOf(ReviewDecision decision, DesiredMember member) =>
        IsNamed(member.Person, decision.Person, EmailAddress.KeyOf(decision.Person));

    private static string OfStaying(ReviewDecision revoked, ReviewDecision other) =>
        $"{RowOf(revoked)} was revoked and {RowOf(other)} was {(other.Keeps ? "kept" : "not decided")}, and one entry "
        + $"declares both: take {RowOf(revoked)} out at the vendor";

    private static string RowOf(ReviewDecision decision)
    {
        var name = decision.Account.Length > 0 ? decision.Account : decision.Person;
        return decision.State == "invited" ? $"the invitation of {name}" : $"the account {name}";
    }

    // Who is not in the project yet has nothing there that could stay.
    private static string LeftAtVendor(Revocation found) =>
        found.Project switch
        {
            { Prune: PrunePolicy.Never } =>
                "the project has prune: never, so an apply leaves the access at the vendor: take it out there too",
            _ when found.Decision.State == "absent" => "",
            { Suspended: true } =>
                "the project has suspend: true, so no apply takes the access away: take it out at the vendor too",
            { DryRun: true } =>
                "the project has dryRun: true, so no apply takes the access away: take it out at the vendor too",
            { Prune: PrunePolicy.Owned } when !found.Decision.Owned =>
                "not owned, as far as the review knew: the next apply may leave the access; check, or remove it at the "
                    + "vendor",
            _ => "",
        };

    private static string Joined(string first, string second) => second.Length > 0 ? $"{first}; {second}" : first;

    private string OfTeam(DesiredMember member, List<Position> entries)
    {
        var names = entries.Select(p => _entries[p].Team!).Distinct(StringComparer.Ordinal).ToList();
        var places = member.Declared.Where(p => !_entries.ContainsKey(p)).Select(p => p.ToString()).ToList();
        var direct = member.Declared.Where(p => _entries.GetValueOrDefault(p) is { Team: null }).ToList();
        var others = resolved
            .State.Projects.Where(p =>
                p.Members.Any(m => m.Person.Key == member.Person.Key && m.Declared.Intersect(member.Declared).Any())
            )
            .Select(p => $"{p.Provider.Name}: {TextNames.Short(p.Id)}")
            .ToList();
        var shown =
            string.Join(", ", others.Take(MostProjects))
            + (others.Count > MostProjects ? $" and {others.Count - MostProjects} more" : "");
        return $"it comes through the team {string.Join(" and ", names)}: take the person out of the team "
            + $"({string.Join(", ", places)}), which ends the access of the team in {shown}; or name the people of the "
            + $"team one by one at {string.Join(", ", entries)}"
            + (direct.Count > 0 ? $"; the person is also named at {string.Join(", ", direct)}: take that out too" : "");
    }
}
