using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Recording;

/// <summary>The recovered outcome of a write that was sent but not recorded.</summary>
/// <param name="Intent">The write.</param>
/// <param name="Outcome">The outcome that a reading showed.</param>
public sealed record SettledIntent(WriteIntent Intent, SettledOutcome Outcome);

/// <summary>The outcome of a write, as a reading shows it.</summary>
public enum SettledOutcome
{
    /// <summary>It was done, or counts as done because that cannot be read and a second mail would be worse.</summary>
    Done,

    /// <summary>It was not done.</summary>
    NotDone,

    /// <summary>
    /// The old invitation is gone and the new one was never made, or only a part of the requested access was given.
    /// </summary>
    PartlyDone,

    /// <summary>The person accepted before the write arrived, and is a member now.</summary>
    Accepted,
}

/// <summary>
/// Recovers the writes that an interrupted reconcile left open: the process ended, or the answer was lost, before the
/// outcome was recorded. A reading of the project shows what was done.
/// </summary>
public static class Recovery
{
    /// <summary>Returns the ledger without open intents, and the outcome of each.</summary>
    /// <param name="ledger">The ledger as it was left.</param>
    /// <param name="live">The project, read whole afterwards.</param>
    public static (ProjectLedger Ledger, ImmutableArray<SettledIntent> Settled) Settle(
        ProjectLedger ledger,
        LiveProject live
    )
    {
        if (ledger.Intents.IsEmpty)
            return (ledger, []);
        var settled = ledger.Intents.Select(i => new SettledIntent(i, OutcomeOf(i, live))).ToImmutableArray();
        return (settled.Aggregate(settled.Aggregate(ledger, Note), NoteUnknown) with { Intents = [] }, settled);
    }

    // A mail may have been sent although no list shows it. Count each one, so that a lagging list never causes a third
    // mail within a day.
    private static ProjectLedger NoteUnknown(ProjectLedger ledger, SettledIntent settled)
    {
        var intent = settled.Intent;
        if (intent.Kind is not (ActionKind.Invite or ActionKind.Replace) || settled.Outcome == SettledOutcome.Done)
            return ledger;
        if (
            ledger.Lessons.Any(l =>
                l.Kind == LessonKind.SentUnknown && l.Subject == intent.PersonKey && l.At >= intent.At
            )
        )
            return ledger;
        return ledger with { Lessons = LessonBook.With(ledger.Lessons, Lesson.Unknown(intent.PersonKey, intent.At)) };
    }

    private static SettledOutcome OutcomeOf(WriteIntent intent, LiveProject live) =>
        intent.Kind switch
        {
            // A mail leaves no trace that can be read back, so it counts as sent.
            ActionKind.Resend => SettledOutcome.Done,
            ActionKind.Invite => WasInvited(intent, live) ? SettledOutcome.Done : SettledOutcome.NotDone,
            ActionKind.Replace when ActionEffect.Of(intent, live).Kind == EffectKind.Accepted =>
                SettledOutcome.Accepted,
            ActionKind.Replace when WasInvited(intent, live) => SettledOutcome.Done,
            // If the vendor can change the access of an invitation, the invitation keeps its id.
            ActionKind.Replace
                when !intent.IsReminder
                    && live.Invitations.Any(i => i.Id == intent.InvitationId && intent.Access!.Matches(i.Access)) =>
                SettledOutcome.Done,
            ActionKind.Replace => live.Invitations.Any(i => i.Id == intent.InvitationId)
                ? SettledOutcome.NotDone
                : SettledOutcome.PartlyDone,
            _ => ActionEffect.Of(intent, live).Kind switch
            {
                EffectKind.Done => SettledOutcome.Done,
                EffectKind.Partly => SettledOutcome.PartlyDone,
                EffectKind.Accepted => SettledOutcome.Accepted,
                _ => SettledOutcome.NotDone,
            },
        };

    // A declined invitation proves that the person was invited.
    private static bool WasInvited(WriteIntent intent, LiveProject live) =>
        ActionEffect.HasTrace(intent, live)
        || live.Invitations.Any(i =>
            i.State == InvitationState.Declined
            && i.Id != intent.InvitationId
            && EmailAddress.KeyOf(i.Email) == EmailAddress.KeyOf(intent.Email)
            && i.CreatedAt >= intent.At.AddMinutes(-5)
        );

    private static ProjectLedger Note(ProjectLedger ledger, SettledIntent settled)
    {
        var intent = settled.Intent;
        var record =
            ledger.Of(intent.PersonKey, intent.PersonId)
            ?? ledger.Of(EmailAddress.KeyOf(intent.Email), intent.PersonId);
        var noted = settled.Outcome switch
        {
            SettledOutcome.Done => intent.Done(record, intent.At),
            SettledOutcome.PartlyDone => intent.PartlyDone(record, intent.At),
            _ => record,
        };
        if (ReferenceEquals(noted, record))
            return ledger;
        return ledger with
        {
            People =
            [
                .. ledger
                    .People.Where(p => !ReferenceEquals(p, record))
                    .Append(noted!)
                    .OrderBy(p => p.Email, StringComparer.Ordinal),
            ],
        };
    }
}
