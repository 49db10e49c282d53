using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;

namespace Reconciler.Engine.Applying;

/// <summary>
/// Decides what a vendor's refusal means for the rest of the run and for later runs: which actions wait, which are left
/// to a human, which must be checked by reading, and what is recorded.
/// </summary>
/// <param name="plan">The project's plan.</param>
/// <param name="account">What the projects of the account share.</param>
/// <param name="ledger">The ledger, which records refusals.</param>
internal sealed class Refusals(ProjectPlan plan, AccountRun account, LedgerSession ledger)
{
    /// <summary>
    /// Whether only a reading shows what a refusal means. A person or invitation that is already gone is refused or not
    /// found; where it is still listed, a 404 means that the vendor has no such call.
    /// </summary>
    public static bool NeedsReading(PlannedAction action, ProviderException failure) =>
        action.Kind switch
        {
            ActionKind.Revoke or ActionKind.Remove => failure.Fault is ProviderFault.Refused or ProviderFault.NotFound,
            ActionKind.Resend => failure.Fault is ProviderFault.NotFound,
            _ => false,
        };

    /// <summary>The outcome of an action that must not be sent in this run; null where it may be sent.</summary>
    public ActionOutcome? Objection(PlannedAction action)
    {
        if (account.WhyManual(action.Kind) is { } step)
            return new(action, OutcomeKind.Manual, step);
        return account.WhyNot(action.Kind) is { } wait
            ? new(action, OutcomeKind.Skipped, wait) { LacksSeat = account.LacksSeat }
            : null;
    }

    /// <summary>Records a refusal that needs no reading.</summary>
    /// <returns>The outcome of the action.</returns>
    public ActionOutcome Learn(PlannedAction action, ProviderException failure)
    {
        var told = new ActionOutcome(action, OutcomeKind.Failed, failure.Message)
        {
            IsPartlyDone = failure.IsPartlyDone,
            RetryAfter = failure.RetryAfter,
            IsRefused = failure.Fault == ProviderFault.Refused,
        };
        switch (failure.Fault)
        {
            case ProviderFault.InvitationsSpent:
                account.Spend(failure.Message, lacksSeat: false);
                if (failure.RetryAfter is { } wait)
                    ledger.Learn(Lesson.Spent(ledger.Now, wait, failure.Message));
                // The project keeps its usual interval, since only its invitations must wait.
                return told with { RetryAfter = null };
            case ProviderFault.NoSeat:
                account.Spend(failure.Message, lacksSeat: true);
                return told with { LacksSeat = true };
            case ProviderFault.NoSuchCall:
                return Missing(action, failure);
            case ProviderFault.Manual:
                if (failure.ForAnybody is { } step)
                    ledger.Learn(Lesson.Denied(action.Kind, ledger.Now, step));
                return told with { Kind = OutcomeKind.Manual };
            case ProviderFault.Refused when IsForGood(action, failure):
                ledger.Learn(Lesson.RefusalOf(plan.Project.Key, action, ledger.Now, failure.Message));
                return told;
            default:
                return told;
        }
    }

    /// <summary>
    /// The outcome of a refused action according to a reading; null where the refusal changes nothing.
    /// </summary>
    public ActionOutcome? Settle(PlannedAction action, ProviderException? failure, LiveProject live)
    {
        if (failure is null)
            return null;
        if (action.Kind == ActionKind.Resend)
        {
            return live.Invitations.Any(i => i.Id == action.Invitation!.Id)
                ? Missing(action, failure)
                : new(action, OutcomeKind.Failed, $"{failure.Message}; the invitation is not listed any more");
        }

        if (ActionEffect.IsVisible(action, live))
            return null;
        if (failure.Fault == ProviderFault.Refused)
            ledger.Learn(Lesson.RefusalOf(plan.Project.Key, action, ledger.Now, failure.Message));
        return new(action, OutcomeKind.Failed, failure.Message) { IsRefused = failure.Fault == ProviderFault.Refused };
    }

    /// <summary>Records that an invitation was sent and its answer was lost.</summary>
    public void Doubt(PlannedAction action)
    {
        if (action.Kind is ActionKind.Invite or ActionKind.Replace)
            ledger.Learn(Lesson.Unknown(action.Person.Key, ledger.Now));
    }

    /// <summary>Whether an invitation whose answer was lost may be sent once more.</summary>
    public bool MayRepeat(PlannedAction action) => ledger.Learned.UnknownUntil(action.Person.Key) is null;

    /// <summary>The message for an invitation that no reading shows.</summary>
    public string Words(PlannedAction action, string message, LiveProject live)
    {
        if (action.Kind is not (ActionKind.Invite or ActionKind.Replace))
            return message;
        var key = EmailAddress.KeyOf(action.Email);
        var declined = live
            .Invitations.Where(i => i.State == InvitationState.Declined && EmailAddress.KeyOf(i.Email) == key)
            .OrderByDescending(i => i.CreatedAt)
            .FirstOrDefault();
        if (declined is null)
            return message;
        var date = declined.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"{message}; the declined invitation {declined.Id} of {date} is still listed and seems to block a "
            + "new one: "
            + $"delete it at {plan.Project.Provider.Vendor.Name}, then apply again";
    }

    // A refused plain invitation changes nothing and shows in the report. A refused replacement has already revoked the
    // old invitation, so it is recorded.
    private static bool IsForGood(PlannedAction action, ProviderException failure) =>
        action.Kind == ActionKind.Resend || (action.Kind == ActionKind.Replace && failure.IsPartlyDone);

    private ActionOutcome Missing(PlannedAction action, ProviderException failure)
    {
        var step =
            $"{plan.Project.Provider.Vendor.Name} has no call to {ActionWords.Of(action.Kind)}, so it is left "
            + $"to a human: {failure.Message}";
        account.Miss(action.Kind, step);
        ledger.Learn(Lesson.Missing(action.Kind, ledger.Now, failure.Message));
        return new(action, OutcomeKind.Manual, step);
    }
}
