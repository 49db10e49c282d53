using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Follows up on people who accepted an invitation between the reading and the write that was to revoke it. Each of
/// them is planned again as a member, checked against the same limits, and removed or updated in the same run.
/// </summary>
/// <param name="plan">The plan of the project.</param>
/// <param name="ledger">The ledger that the plan was made with.</param>
/// <param name="limits">Checks the limits.</param>
/// <param name="confirmer">Knows who accepted, and what was read last.</param>
/// <param name="phases">Sends the actions that follow.</param>
/// <param name="outcomes">Records the outcome of each action.</param>
/// <param name="clock">The clock.</param>
internal sealed class FollowUp(
    ProjectPlan plan,
    LedgerSession ledger,
    LimitCheck limits,
    WriteConfirmer confirmer,
    PhaseSender phases,
    ActionOutcomes outcomes,
    TimeProvider clock
)
{
    /// <summary>Updates or removes the people who accepted, as the plan meant for them.</summary>
    public async Task FollowUpAsync()
    {
        var planned = confirmer.TakeAccepted();
        if (planned.IsEmpty)
            return;
        var again = Planner.Plan(plan.Project, confirmer.LastRead!, ledger.Memory, clock.GetUtcNow());
        var joined = planned.Select(p => p.Value).DistinctBy(m => m.MembershipId).ToImmutableArray();
        var holds = new Dictionary<PlannedAction, Hold>(ReferenceEqualityComparer.Instance);
        var going = Allowed(Needed(again, joined), joined, holds);
        outcomes.AddFollowUps(going);
        await phases.SendInOrderAsync(going);
        foreach (var (action, member) in planned)
            outcomes.Finish(Overtaken(action, member, going, again, holds));
    }

    private static IEnumerable<PlannedAction> Needed(ProjectPlan again, ImmutableArray<LiveMember> joined)
    {
        var ids = joined.Select(m => m.MembershipId).ToHashSet(StringComparer.Ordinal);
        return again.Actions.Where(a =>
            a.Kind is ActionKind.Update or ActionKind.Remove && ids.Contains(a.Member!.MembershipId)
        );
    }

    // The limits are checked as if these people had been members before the plan was made, together with what is done.
    private List<PlannedAction> Allowed(
        IEnumerable<PlannedAction> needed,
        ImmutableArray<LiveMember> joined,
        Dictionary<PlannedAction, Hold> holds
    )
    {
        var before = plan.Live with { Members = plan.Live.Members.AddRange(joined) };
        var effective = outcomes.Done.ToList();
        var allowed = new List<PlannedAction>();
        foreach (var action in needed)
        {
            if (limits.FirstHold(before, [.. effective, action]) is { } hold)
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
        if (follow is not null && outcomes.Of(follow).Kind != OutcomeKind.Done)
            return new(action, OutcomeKind.Failed, $"{accepted}; {outcomes.Of(follow).Message}");
        // A person who belongs in the project may stay. For a person who does not, the outcome says why they stay.
        if (follow is null && action is { CountsAsRemoval: true, GivesUp: false })
        {
            var why = again.Findings.FirstOrDefault(f => f.Person == action.Person.Label)?.Message;
            return new(action, OutcomeKind.Failed, $"{accepted}; {why ?? "nothing takes the membership away"}");
        }

        return new(action, OutcomeKind.Overtaken, accepted);
    }
}
