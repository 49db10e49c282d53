using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>What all memberships together come to.</summary>
/// <param name="Projects">What is to be scheduled.</param>
/// <param name="Owners">Which membership each project belongs to.</param>
/// <param name="Stuck">Memberships of which nothing can be done, and why.</param>
/// <param name="Over">Deleted memberships that can go.</param>
internal sealed record JudgedWishes(
    ImmutableArray<DesiredProject> Projects, ImmutableDictionary<ProjectKey, Wish> Owners, ImmutableArray<(Wish Wish, string Reason, string Message)> Stuck, ImmutableArray<Wish> Over);

/// <summary>The wishes of all memberships. Used by the operator's loop alone.</summary>
internal sealed class Wishes
{
    private readonly Dictionary<ObjectKey, Wish> _all = [];

    public IEnumerable<Wish> All => _all.Values;

    public void Set(ObjectKey key, Wish? wish)
    {
        if (wish is null) _all.Remove(key);
        else _all[key] = wish;
    }

    /// <summary>
    /// One project, one owner, in whatever namespaces the memberships are: of those that declare the same project the one has it that applied it,
    /// else the oldest.
    /// </summary>
    public JudgedWishes Judge()
    {
        var claims = _all.Values.SelectMany(w => w.Claims.Distinct().Select(key => (Key: key, Wish: w))).GroupBy(c => c.Key)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Wish).MinBy(w => w.RankFor(g.Key))!);
        var projects = ImmutableArray.CreateBuilder<DesiredProject>();
        var owners = ImmutableDictionary.CreateBuilder<ProjectKey, Wish>();
        var stuck = ImmutableArray.CreateBuilder<(Wish, string, string)>();
        var over = ImmutableArray.CreateBuilder<Wish>();
        foreach (var wish in _all.Values.Where(w => !w.IsOthers).OrderBy(w => w.Document.Position))
        {
            var revoked = wish.Revoked.Where(r => ReferenceEquals(claims[r.Key], wish)).ToList();
            // Whose projects are all somebody else's by now has nothing to take back.
            if (wish.IsOver || (wish.Resource.IsBeingDeleted && wish.Stuck is null && revoked.Count == 0)) over.Add(wish);
            else if (wish.Stuck is { } wrong) stuck.Add((wish, wrong.Reason, wrong.Message));
            else if (wish.Project is { } declared && !ReferenceEquals(claims[declared.Key], wish)) stuck.Add((wish, "ProjectTaken", "another ProjectMembership declares this project, and has applied it or is older; expected one a project"));
            else if (wish.Project is { } project) Take(project, wish);
            foreach (var former in revoked) Take(former, wish);
        }

        return new(projects.ToImmutable(), owners.ToImmutable(), stuck.ToImmutable(), over.ToImmutable());

        void Take(DesiredProject project, Wish wish)
        {
            if (owners.ContainsKey(project.Key)) return;
            owners.Add(project.Key, wish);
            projects.Add(project);
        }
    }
}
