using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;

namespace Reconciler.Engine.Applying;

/// <summary>Settling by reading: what a write did is what reading shows afterwards.</summary>
internal sealed partial class ProjectRun
{
    private const string Unconfirmed = "the vendor did not confirm it, and reading the project shows no change";

    private const string NotSeen = "sent, not seen: the vendor said yes, and no reading since shows it";

    private readonly Dictionary<PlannedAction, LiveMember> _accepted = new(ReferenceEqualityComparer.Instance);
    private readonly List<PlannedAction> _followUps = [];
    private readonly ConcurrentDictionary<PlannedAction, bool> _repeated = new(ReferenceEqualityComparer.Instance);
    private LiveProject? _lastRead;

    // One reading settles every action of the phase whose outcome is open; what it does not show is read again until the lists had time to
    // catch up. An invitation that reading shows not sent is sent once more.
    private async Task SettleAsync()
    {
        while (!_unsettled.IsEmpty)
        {
            var open = _unsettled.ToImmutableArray();
            _unsettled.Clear();
            var patience = new SettlePatience(plan.Project.Provider.SettleAfter, clock);
            do open = await ReadBackAsync(open) is { } live ? [.. open.Where(one => !Settle(one, live))] : [];
            while (open.Any(one => !one.IsRefused) && await patience.WaitAsync(cancellation));
            foreach (var one in open.OrderBy(o => o.Action.Person.Key, StringComparer.Ordinal))
                await GoOnAsync(one, patience);
        }
    }

    // Null where the project cannot be read: whatever it was, what is done is told.
    private async Task<LiveProject?> ReadBackAsync(ImmutableArray<Unsettled> open)
    {
        string trouble;
        try
        {
            var live = await reader.ReadAsync(plan.Project, CancellationToken.None);
            // A list that leaves most people out shows of nobody that they are gone.
            var expected = plan.Live.Members.Length - plan.Applicable.Count(a => a.Kind == ActionKind.Remove);
            if (!Judge.IsSuspicious(live.Members.Length, expected))
                return _lastRead = live;
            trouble = $"the vendor lists {live.Members.Length} members where {expected} should be";
        }
        catch (Exception unread)
        {
            trouble = unread.Message;
        }

        foreach (var one in open)
            Finish(
                new(one.Action, OutcomeKind.Failed, $"{one.Message}; whether it was done could not be read: {trouble}")
                {
                    IsOpen = true,
                }
            );
        return null;
    }

    // Whether a reading settles an action.
    private bool Settle(Unsettled one, LiveProject live)
    {
        // Nothing shows when a mail was sent: of a refused reminder only the invitation tells what the refusal means.
        if (one is { Action.Kind: ActionKind.Resend, Refusal: not null })
        {
            Finish(_refusals.Settle(one.Action, one.Refusal, live)!);
            return true;
        }

        var effect = ActionEffect.Of(one.Action, live, plan.Live);
        switch (effect.Kind)
        {
            case EffectKind.Done:
                // Where lists lag, somebody who accepted may have left one and not come to the other yet: the revocation is believed for a while.
                Finish(new(one.Action, OutcomeKind.Done) { IsSeen = one.Action.Kind != ActionKind.Revoke });
                return true;
            case EffectKind.Accepted:
                Accept(one.Action, effect.Member!);
                return true;
            case EffectKind.Partly:
                Finish(new(one.Action, OutcomeKind.Failed, Different(one, effect)) { IsPartlyDone = true });
                return true;
            default:
                return IsRefusedForGood(one, live);
        }
    }

    // The vendor keeps what is still there, and says why.
    private bool IsRefusedForGood(Unsettled one, LiveProject live)
    {
        if (!one.IsRefused || one.Action.Kind is not (ActionKind.Revoke or ActionKind.Remove))
            return false;
        if (_refusals.Settle(one.Action, one.Refusal, live) is not { } refused)
            return false;
        Finish(refused);
        return true;
    }

    private void Accept(PlannedAction action, LiveMember member)
    {
        ledger.Accepted(action, member);
        if (!_followUps.Exists(f => ReferenceEquals(f, action)))
            _accepted[action] = member;
        else
            Finish(action, OutcomeKind.Failed, $"the person became a member again meanwhile, with {member.Access}");
    }

    // What came is ours, and what differs is said: the next pass, or a human, takes it from there.
    private static string Different(Unsettled one, Effect effect)
    {
        var (action, has) = (one.Action, effect.Has!);
        var (excess, missing) = (action.Access!.ExcessOf(has), action.Access.MissingFrom(has));
        var parts = new List<string>();
        if (!excess.IsNone)
            parts.Add($"{(action.From is null ? "also" : "still")} has {excess}");
        if (!missing.IsNone)
            parts.Add($"lacks {missing}");
        var why = one.IsAccepted ? "the vendor said yes" : one.Message;
        return $"{why}, and reading shows that the person {string.Join(" and ", parts)}{(one.MayRepeat ? "; nothing was sent again" : "")}";
    }

    // Reading shows nothing of it, however often.
    private async Task GoOnAsync(Unsettled one, SettlePatience patience)
    {
        var isReplaced = one.Action.Kind == ActionKind.Replace && !IsPending(one.Action);
        if (isReplaced)
            _revoked[one.Action] = true;
        if (patience.IsInterrupted)
            Finish(
                new(one.Action, OutcomeKind.Failed, $"{one.Message}; interrupted before reading could show more")
                {
                    IsOpen = true,
                }
            );
        else if (isReplaced && one.IsHalf && (!one.MayRepeat || _refusals.MayRepeat(one.Action)))
            await InviteAnewAsync(one.Action);
        else if (one.MayRepeat && _refusals.MayRepeat(one.Action))
        {
            _repeated[one.Action] = true;
            await SendAsync([one.Action], mayRepeat: false);
        }
        else
            Finish(Unseen(one, patience.Waited > TimeSpan.Zero));
    }

    // An invitation that was sent, and of which nothing shows whether it arrived, is remembered: else every pass would send another.
    private ActionOutcome Unseen(Unsettled one, bool hasWaited)
    {
        var isInvitation = one.Action.Kind is ActionKind.Invite or ActionKind.Replace;
        var isSent = one is { IsAccepted: true, IsHalf: false } && hasWaited;
        return new(
            one.Action,
            OutcomeKind.Failed,
            isSent ? NotSeen : _refusals.Words(one.Action, one.Message, _lastRead!)
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
        _lastRead!.Invitations.Any(i => i.Id == action.Invitation!.Id && i.State == InvitationState.Pending);

    private static ProviderException WithoutInvitation(ProviderException failure) =>
        new(
            failure.Fault,
            $"the old invitation is revoked, and no new one is known to be out: {failure.Message}",
            failure
        )
        {
            RetryAfter = failure.RetryAfter,
            ForAnybody = failure.ForAnybody,
            IsPartlyDone = true,
        };

    // The second half of a replacement. It is not cancelled: the person would be left without any invitation.
    private async Task InviteAnewAsync(PlannedAction action)
    {
        var invitation = action with { Kind = ActionKind.Invite, Invitation = null };
        try
        {
            Take([action], await writer.ApplyAsync(plan.Project, [invitation], CancellationToken.None));
        }
        catch (ProviderException failure)
        {
            await FailAsync([action], WithoutInvitation(failure), mayRepeat: false);
        }
        catch (Exception unforeseen)
        {
            await FailAsync([action], Unforeseen(unforeseen), mayRepeat: false);
        }
    }
}
