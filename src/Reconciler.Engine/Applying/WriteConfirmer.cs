using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Confirms unsure writes by reading the project: the effect of a write is what the next reading shows.
/// </summary>
/// <param name="plan">The plan of the project.</param>
/// <param name="reader">Reads the project.</param>
/// <param name="sender">Queues the unsure writes, and sends an invitation once more.</param>
/// <param name="ledger">The ledger of the project.</param>
/// <param name="refusals">Interprets the vendor's refusals.</param>
/// <param name="outcomes">Records the outcome of each action.</param>
/// <param name="clock">The clock.</param>
/// <param name="cancellation">Ends the wait for lists that lag.</param>
internal sealed class WriteConfirmer(
    ProjectPlan plan,
    IProjectReader reader,
    BatchSender sender,
    LedgerSession ledger,
    Refusals refusals,
    ActionOutcomes outcomes,
    TimeProvider clock,
    CancellationToken cancellation
)
{
    private const string NotSeen = "sent, not seen: the vendor said yes, and no reading since shows it";

    private readonly Dictionary<PlannedAction, LiveMember> _accepted = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<PlannedAction, bool> _repeated = new(ReferenceEqualityComparer.Instance);

    /// <summary>The last reading of the project; null where none succeeded in this run.</summary>
    public LiveProject? LastRead { get; private set; }

    /// <summary>
    /// Takes the actions that came too late, each with the membership of the person who had accepted, and forgets them.
    /// </summary>
    public ImmutableArray<KeyValuePair<PlannedAction, LiveMember>> TakeAccepted()
    {
        var accepted = _accepted.ToImmutableArray();
        _accepted.Clear();
        return accepted;
    }

    /// <summary>
    /// Gives every unsure write an outcome. All of them share a reading, which is repeated until lagging lists had time
    /// to catch up. An invitation that no reading shows is sent once more, where that is safe.
    /// </summary>
    public async Task ConfirmAsync()
    {
        while (sender.TakeUnsure() is { IsEmpty: false } open)
        {
            var delays = new RecoveryDelays(plan.Project.Provider.SettleAfter, clock);
            do open = await ReadBackAsync(open) is { } live ? [.. open.Where(one => !IsConfirmed(one, live))] : [];
            while (open.Any(one => !one.IsRefused) && await delays.WaitAsync(cancellation));
            foreach (var one in open.OrderBy(o => o.Action.Person.Key, StringComparer.Ordinal))
                await GoOnAsync(one, delays);
        }
    }

    // Null where the project cannot be read. Whatever the reason, the actions are then reported as open.
    private async Task<LiveProject?> ReadBackAsync(ImmutableArray<UnsureWrite> open)
    {
        string trouble;
        try
        {
            var live = await reader.ReadAsync(plan.Project, CancellationToken.None);
            // A list that lacks most members is incomplete, and does not prove that anybody is gone.
            var expected = plan.Live.Members.Length - plan.Applicable.Count(a => a.Kind == ActionKind.Remove);
            if (!Judge.IsSuspicious(live.Members.Length, expected))
                return LastRead = live;
            trouble = $"the vendor lists {live.Members.Length} members where {expected} should be";
        }
        catch (Exception unread)
        {
            trouble = unread.Message;
        }

        foreach (var one in open)
            outcomes.Finish(
                new(one.Action, OutcomeKind.Failed, $"{one.Message}; whether it was done could not be read: {trouble}")
                {
                    IsOpen = true,
                }
            );
        return null;
    }

    private bool IsConfirmed(UnsureWrite one, LiveProject live)
    {
        // No reading shows when a mail was sent, so a refused reminder is judged by whether its invitation still
        // exists.
        if (one is { Action.Kind: ActionKind.Resend, Refusal: not null })
        {
            outcomes.Finish(refusals.Settle(one.Action, one.Refusal, live)!);
            return true;
        }

        var effect = ActionEffect.Of(one.Action, live, plan.Live);
        switch (effect.Kind)
        {
            case EffectKind.Done:
                // Where lists lag, a person who accepted may have left the list of invitations and not reached the list
                // of members yet, so a revocation counts as not seen.
                outcomes.Finish(new(one.Action, OutcomeKind.Done) { IsSeen = one.Action.Kind != ActionKind.Revoke });
                return true;
            case EffectKind.Accepted:
                Accept(one.Action, effect.Member!);
                return true;
            case EffectKind.Partly:
                outcomes.Finish(new(one.Action, OutcomeKind.Failed, Different(one, effect)) { IsPartlyDone = true });
                return true;
            default:
                return IsRefusedForGood(one, live);
        }
    }

    // A removal that the vendor refused, of a person or invitation that is still listed, fails with the vendor's words.
    private bool IsRefusedForGood(UnsureWrite one, LiveProject live)
    {
        if (!one.IsRefused || one.Action.Kind is not (ActionKind.Revoke or ActionKind.Remove))
            return false;
        if (refusals.Settle(one.Action, one.Refusal, live) is not { } refused)
            return false;
        outcomes.Finish(refused);
        return true;
    }

    private void Accept(PlannedAction action, LiveMember member)
    {
        ledger.Accepted(action, member);
        if (!outcomes.IsFollowUp(action))
            _accepted[action] = member;
        else
            outcomes.Finish(
                action,
                OutcomeKind.Failed,
                $"the person became a member again meanwhile, with {member.Access}"
            );
    }

    // The message names the difference, which the next run or a human corrects.
    private static string Different(UnsureWrite one, Effect effect)
    {
        var (action, has) = (one.Action, effect.Has!);
        var (excess, missing) = (action.Access!.ExcessOf(has), action.Access.MissingFrom(has));
        var parts = new List<string>();
        if (!excess.IsNone)
            parts.Add($"{(action.From is null ? "also" : "still")} has {excess}");
        if (!missing.IsNone)
            parts.Add($"lacks {missing}");
        var why = one.IsAccepted ? "the vendor said yes" : one.Message;
        return $"{why}, and reading shows that the person "
            + $"{string.Join(" and ", parts)}{(one.MayRepeat ? "; nothing was sent again" : "")}";
    }

    // Decides about a write that no reading has shown.
    private async Task GoOnAsync(UnsureWrite one, RecoveryDelays delays)
    {
        var isReplaced = one.Action.Kind == ActionKind.Replace && !IsPending(one.Action);
        if (isReplaced)
            outcomes.MarkRevoked(one.Action);
        if (delays.IsInterrupted)
            outcomes.Finish(
                new(one.Action, OutcomeKind.Failed, $"{one.Message}; interrupted before reading could show more")
                {
                    IsOpen = true,
                }
            );
        else if (isReplaced && one.IsHalf && (!one.MayRepeat || refusals.MayRepeat(one.Action)))
            await sender.InviteAnewAsync(one.Action);
        else if (one.MayRepeat && refusals.MayRepeat(one.Action))
        {
            _repeated[one.Action] = true;
            await sender.SendAsync([one.Action], mayRepeat: false);
        }
        else
            outcomes.Finish(Unseen(one, delays.Waited > TimeSpan.Zero));
    }

    // An invitation that was sent and never seen counts as sent, so that not every run sends another one.
    private ActionOutcome Unseen(UnsureWrite one, bool hasWaited)
    {
        var isInvitation = one.Action.Kind is ActionKind.Invite or ActionKind.Replace;
        var isSent = one is { IsAccepted: true, IsHalf: false } && hasWaited;
        return new(
            one.Action,
            OutcomeKind.Failed,
            isSent ? NotSeen : refusals.Words(one.Action, one.Message, LastRead!)
        )
        {
            IsOpen = isSent && !isInvitation,
            UnknownSends =
                !isInvitation || one.IsRefused || one.IsHalf || IsStillPending(one.Action) ? 0
                : _repeated.ContainsKey(one.Action) ? 2
                : 1,
        };
    }

    private bool IsStillPending(PlannedAction action) => action.Invitation is not null && IsPending(action);

    private bool IsPending(PlannedAction action) =>
        LastRead!.Invitations.Any(i => i.Id == action.Invitation!.Id && i.State == InvitationState.Pending);
}
