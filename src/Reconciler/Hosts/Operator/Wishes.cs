using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>What all memberships together come to.</summary>
/// <param name="Projects">What is to be scheduled.</param>
/// <param name="Owners">Which membership each project belongs to.</param>
/// <param name="Stuck">Memberships of which nothing can be done, and why.</param>
internal sealed record JudgedWishes(
    ImmutableArray<DesiredProject> Projects, ImmutableDictionary<ProjectKey, MembershipRecord> Owners, ImmutableArray<(Wish Wish, string Reason, string Message)> Stuck);

/// <summary>The wishes of all memberships. Used by the operator's loop alone.</summary>
internal sealed class Wishes
{
    private readonly Dictionary<ObjectKey, Wish> _all = [];

    public Wish? Find(ObjectKey key) => _all.GetValueOrDefault(key);

    public int Count => _all.Count;

    public IEnumerable<Wish> All => _all.Values;

    public void Set(ObjectKey key, Wish? wish)
    {
        if (wish is null) _all.Remove(key);
        else _all[key] = wish;
    }

    /// <summary>One project, one owner: of memberships that declare the same project the oldest has it, in whatever namespaces they are.</summary>
    public JudgedWishes Judge()
    {
        var claims = _all.Values.SelectMany(w => w.Claims.Distinct().Select(key => (Key: key, Wish: w))).GroupBy(c => c.Key)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Wish).MinBy(w => w.Age)!);
        var projects = ImmutableArray.CreateBuilder<DesiredProject>();
        var owners = ImmutableDictionary.CreateBuilder<ProjectKey, MembershipRecord>();
        var stuck = ImmutableArray.CreateBuilder<(Wish, string, string)>();
        foreach (var wish in _all.Values.Where(w => !w.IsOthers).OrderBy(w => w.Document.Position))
        {
            if (wish.Stuck is { } wrong) stuck.Add((wish, wrong.Reason, wrong.Message));
            else if (wish.Project is { } declared && !ReferenceEquals(claims[declared.Key], wish)) stuck.Add((wish, "ProjectTaken", "another ProjectMembership, which is older, declares this project; expected one a project"));
            else if (wish.Project is { } project) Take(project, wish.Record);
            foreach (var revoked in wish.Revoked.Where(r => ReferenceEquals(claims.GetValueOrDefault(r.Key, wish), wish))) Take(revoked, wish.Record);
        }

        return new(projects.ToImmutable(), owners.ToImmutable(), stuck.ToImmutable());

        void Take(DesiredProject project, MembershipRecord record)
        {
            if (owners.ContainsKey(project.Key)) return;
            owners.Add(project.Key, record);
            projects.Add(project);
        }
    }
}
