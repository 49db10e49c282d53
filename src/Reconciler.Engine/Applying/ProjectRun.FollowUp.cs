using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>
/// People who accepted between the reading and the write that was to take their invitation away. Each of them is planned anew as the member that
/// they are now, judged by the same limits, and removed or updated in the same run.
/// </summary>
internal sealed partial class ProjectRun
{
    /// <summary>Takes from, or gives to, people who accepted meanwhile what the plan meant for them.</summary>
    public async Task FollowUpAsync(int degree)
    {
        if (_accepted.Count == 0)
            return;
        var planned = _accepted.ToImmutableArray();
        _accepted.Clear();
        var again = Planner.Plan(plan.Project, _lastRead!, ledger.Memory, clock.GetUtcNow());
        var joined = planned.Select(p => p.Value).DistinctBy(m => m.MembershipId).ToImmutableArray();
        var holds = new Dictionary<PlannedAction, Hold>(ReferenceEqualityComparer.Instance);
        var going = Allowed(Wanted(again, joined), joined, holds);
        _followUps.AddRange(going);
        foreach (var phase in going.GroupBy(a => a.Phase).OrderBy(g => g.Key))
            await SendAsync([.. phase], degree);
        foreach (var (action, member) in planned)
        {
            Finish(Overtaken(action, member, going, again, holds));
        }
    }

    private static IEnumerable<PlannedAction> Wanted(ProjectPlan again, ImmutableArray<LiveMember> joined)
    {
        var ids = joined.Select(m => m.MembershipId).ToHashSet(StringComparer.Ordinal);
        return again.Actions.Where(a =>
            a.Kind is ActionKind.Update or ActionKind.Remove && ids.Contains(a.Member!.MembershipId)
        );
    }

    // Judged as if the reading before the plan had shown them as members already, together with what was done.
    private List<PlannedAction> Allowed(
        IEnumerable<PlannedAction> wanted,
        ImmutableArray<LiveMember> joined,
        Dictionary<PlannedAction, Hold> holds
    )
    {
        var before = plan.Live with { Members = plan.Live.Members.AddRange(joined) };
        var effective = _outcomes.Values.Where(o => o.Kind == OutcomeKind.Done).Select(o => o.Action).ToList();
        var allowed = new List<PlannedAction>();
        foreach (var action in wanted)
        {
            if (
                Judge
                    .Holds(plan.Project, before, [.. effective, action], ledger.Memory)
                    .FirstOrDefault(h => !IsApproved(h)) is
                { } hold
            )
            {
                holds[action] = hold;
                continue;
            }

            allowed.Add(action);
            effective.Add(action);
        }

        return allowed;
    }

    private ActionOutcome Overtaken(
        PlannedAction action,
        LiveMember member,
        List<PlannedAction> going,
        ProjectPlan again,
        Dictionary<PlannedAction, Hold> holds
    )
    {
        var accepted = $"the person accepted before this arrived, and is a member with {member.Access}";
        if (holds.FirstOrDefault(h => h.Key.Member!.MembershipId == member.MembershipId).Value is { } hold)
            return new(action, OutcomeKind.Failed, $"{accepted}; not taken away, since {hold.Message}")
            {
                IsHeld = true,
            };
        var follow = going.Find(a => a.Member!.MembershipId == member.MembershipId);
        if (follow is not null && _outcomes[follow].Kind != OutcomeKind.Done)
            return new(action, OutcomeKind.Failed, $"{accepted}; {_outcomes[follow].Message}");
        // A person who belongs in the project may stay. For a person who does not, the outcome says why they stay.
        if (follow is null && action is { CountsAsRemoval: true, GivesUp: false })
        {
            var why = again.Findings.FirstOrDefault(f => f.Person == action.Person.Label)?.Message;
            return new(action, OutcomeKind.Failed, $"{accepted}; {why ?? "nothing takes the membership away"}");
        }

        return new(action, OutcomeKind.Overtaken, accepted);
    }
}
