using System.Collections.Immutable;
using Reconciler.Core.Membership;

namespace Reconciler.Hosts.Operator;

/// <summary>Decides once, for all memberships together, who owns which project and what becomes of deleted memberships.</summary>
internal sealed class WishJudgement
{
    private readonly ImmutableArray<Wish> _all;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<ProjectKey, Wish> _claims;
    private readonly ILookup<ProjectKey, Wish> _holders;
    private readonly ImmutableArray<DesiredProject>.Builder _projects = ImmutableArray.CreateBuilder<DesiredProject>();
    private readonly ImmutableDictionary<ProjectKey, Wish>.Builder _owners = ImmutableDictionary.CreateBuilder<
        ProjectKey,
        Wish
    >();
    private readonly ImmutableArray<(Wish, string, string)>.Builder _stuck = ImmutableArray.CreateBuilder<(
        Wish,
        string,
        string
    )>();
    private readonly ImmutableArray<Wish>.Builder _over = ImmutableArray.CreateBuilder<Wish>();
    private readonly ImmutableArray<Transfer>.Builder _transfers = ImmutableArray.CreateBuilder<Transfer>();
    private readonly ImmutableArray<(Wish, ProjectKey)>.Builder _takenOver = ImmutableArray.CreateBuilder<(
        Wish,
        ProjectKey
    )>();
    private readonly ImmutableArray<(Wish, string?)>.Builder _waiting = ImmutableArray.CreateBuilder<(Wish, string?)>();

    public WishJudgement(ImmutableArray<Wish> all, DateTimeOffset now)
    {
        (_all, _now) = (all, now);
        _claims = all.SelectMany(w => w.Claims.Distinct().Select(key => (Key: key, Wish: w)))
            .GroupBy(c => c.Key)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Wish).MinBy(w => w.RankFor(g.Key))!);
        _holders = all.SelectMany(w => w.Granted.Select(key => (Key: key, Wish: w))).ToLookup(h => h.Key, h => h.Wish);
    }

    public JudgedWishes Result()
    {
        foreach (var wish in _all.Where(w => !w.IsOthers).OrderBy(w => w.Document.Position))
        {
            if (wish.IsLeaving)
                JudgeLeaving(wish);
            else
                JudgeLiving(wish);
        }

        return new(_projects.ToImmutable(), _owners.ToImmutable(), _stuck.ToImmutable(), _over.ToImmutable())
        {
            Transfers = _transfers.ToImmutable(),
            TakenOver = _takenOver.ToImmutable(),
            Waiting = _waiting.ToImmutable(),
        };
    }

    private void JudgeLiving(Wish wish)
    {
        if (wish.Stuck is { } wrong)
            _stuck.Add((wish, wrong.Reason, wrong.Message));
        else if (wish.Project is { } taken && !ReferenceEquals(_claims[taken.Key], wish))
            _stuck.Add(
                (
                    wish,
                    "ProjectTaken",
                    "another ProjectMembership declares this project, and has applied it or is older; expected one a project"
                )
            );
        else if (wish.Project is { } project)
            Declare(wish, project);
        foreach (var former in RevokedBy(wish))
            Take(former, wish);
        foreach (var key in wish.Granted.Where(k => SuccessorOf(wish, k) is { } successor && successor.HasRecordOf(k)))
            _takenOver.Add((wish, key));
    }

    // The record comes first: a pass without it would take everybody for new, and mail them again.
    private void Declare(Wish wish, DesiredProject project)
    {
        var holder = wish.HasRecordOf(project.Key)
            ? null
            : _holders[project.Key].Where(h => !ReferenceEquals(h, wish)).MinBy(h => h.RankFor(project.Key));
        if (holder is null)
            Take(project, wish);
        else if (!holder.IsHandedOver)
            _transfers.Add(new(holder, wish, project.Key));
    }

    private void JudgeLeaving(Wish wish)
    {
        var revoked = RevokedBy(wish).ToList();
        var successors = wish.Granted.Select(key => (Key: key, Wish: SuccessorOf(wish, key))).ToList();
        // A successor that became invalid before it took over says nothing of its people.
        if (successors.Exists(s => s.Wish is { Project: null } stalled && !stalled.HasRecordOf(s.Key)))
            _stuck.Add(
                (
                    wish,
                    "CannotRevoke",
                    "a ProjectMembership that claims its project is stalled: mend or delete that one first"
                )
            );
        else if (successors.Exists(s => s.Wish?.HasRecordOf(s.Key) == false))
            _waiting.Add((wish, null));
        else if (successors.Count > 0 && successors.TrueForAll(s => s.Wish is not null))
            _over.Add(wish);
        else if (wish.IsOver && wish.IsGone && _now < wish.RevokesAt)
            _waiting.Add((wish, null));
        // Everything that it had is another's by now, so there is nothing to take back.
        else if (wish.IsOver || (wish.Stuck is null && revoked.Count == 0))
            _over.Add(wish);
        else if (wish.Stuck is { } wrong)
            _stuck.Add((wish, wrong.Reason, wrong.Message));
        else if (BrokenSuccessor(wish) is { } broken)
            _stuck.Add(
                (
                    wish,
                    "CannotRevoke",
                    $"ProjectMembership {broken} declares its project too and is stalled: mend or delete that one first"
                )
            );
        else if (_now < wish.RevokesAt)
            _waiting.Add(
                (
                    wish,
                    $"being deleted: people are taken out at {Status.LedgerStatus.Text(wish.RevokesAt)}, unless another ProjectMembership declares the project before"
                )
            );
        else
            revoked.ForEach(r => Take(r, wish));
    }

    private IEnumerable<DesiredProject> RevokedBy(Wish wish) =>
        wish.Revoked.Where(r => ReferenceEquals(_claims[r.Key], wish));

    private Wish? SuccessorOf(Wish wish, ProjectKey key) =>
        _claims.GetValueOrDefault(key) is { } winner && !ReferenceEquals(winner, wish) && winner.Declares(key)
            ? winner
            : null;

    // A successor that cannot be read names the project all the same: to revoke now would take people out whom it declares.
    private string? BrokenSuccessor(Wish wish) =>
        _all.Where(w =>
                w is { IsLeaving: false, Project: null }
                && w.Resource.Namespace == wish.Resource.Namespace
                && w.Resource.SpecWord("provider") == wish.Resource.SpecWord("provider")
            )
            .FirstOrDefault(w => w.Resource.SpecWord("projectId") is { } id && wish.Granted.Any(k => k.ProjectId == id))
            ?.Resource.Metadata.Name;

    private void Take(DesiredProject project, Wish wish)
    {
        if (_owners.TryAdd(project.Key, wish))
            _projects.Add(project);
    }
}
