using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Replaces actions by findings if the vendor refused the action, or all of its kind, in an earlier reconcile.
/// </summary>
internal static class LearnedRules
{
    /// <summary>Reports why an action is not planned.</summary>
    /// <param name="action">The action.</param>
    /// <param name="decision">Collects the finding.</param>
    /// <param name="isAddable">Whether the vendor can add the person without an invitation.</param>
    /// <returns>Whether there is a reason.</returns>
    public static bool Objects(PlannedAction action, PersonDecision decision, bool isAddable)
    {
        if (Reason(action, decision, isAddable) is not var (kind, message))
            return false;
        decision.AddFinding(kind, action.Person, message);
        return true;
    }

    /// <summary>
    /// Why no reminder can be sent, so that only time counts towards giving up; null if one can be sent.
    /// </summary>
    public static string? WhyNoReminder(PlannedAction reminder, PersonDecision decision)
    {
        if (decision.Project.Provider.Vendor.Capabilities.Manual.TryGetValue(reminder.Kind, out var step))
            return step;
        return Reason(reminder, decision, isAddable: false) is (not FindingKind.Postponed, var message)
            ? message
            : null;
    }

    private static (FindingKind Kind, string Message)? Reason(
        PlannedAction action,
        PersonDecision decision,
        bool isAddable
    )
    {
        var learned = decision.Learned;
        if (learned.Missing(action.Kind) is { } missing)
        {
            return (
                FindingKind.Manual,
                $"{Word(action)} is left to a human: {decision.Project.Provider.Vendor.Name} has no such call "
                    + $"({missing.Message}); it is tried again after {Time(missing.Until)}"
                    + ReinviteInstead(action, decision)
            );
        }

        if (!isAddable && learned.Denied(action.Kind) is { } denied)
            return (FindingKind.Manual, $"{denied.Message}; it is tried again after {Time(denied.Until)}");
        if (learned.Refused(decision.Project.Key, action) is { } refused)
        {
            var change = action.Kind is ActionKind.Invite or ActionKind.Replace
                ? "change the entry's access"
                : "do it by hand, or declare the person";
            return (
                FindingKind.Refused,
                $"the vendor refuses to {Word(action)}: {refused.Message}; {change}; "
                    + $"the same is tried again after {Time(refused.Until)}"
            );
        }

        if (!SendsMail(action))
            return null;
        if (learned.Spent is { } spent)
        {
            return (
                FindingKind.Postponed,
                $"{Word(action)} waits until {Time(spent.Until)}: "
                    + $"the account takes no more invitations until then ({spent.Message})"
            );
        }

        if (action.Kind is ActionKind.Resend || learned.UnknownUntil(action.Person.Key) is not { } free)
            return null;
        return (
            FindingKind.Postponed,
            $"was sent {Lesson.MostUnknown} invitations within a day, and nobody knows whether they arrived; "
                + $"the next one may go out after {Time(free)}"
        );
    }

    private static bool SendsMail(PlannedAction action) =>
        action.Kind is ActionKind.Invite or ActionKind.Replace or ActionKind.Resend;

    private static string ReinviteInstead(PlannedAction action, PersonDecision decision) =>
        action.Kind == ActionKind.Resend && decision.Project.Provider.Vendor.Capabilities.Reinvites
            ? "; or set invitations.resendBy to reinvite"
            : "";

    private static string Word(PlannedAction action) => action.Kind.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
