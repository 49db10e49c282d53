using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// A write-ahead record: a write that is stored before it is sent. If its outcome is never recorded, a reading of the
/// project recovers it. It holds everything that the recovery and the person's record need.
/// </summary>
/// <param name="Kind">What the write does.</param>
/// <param name="PersonKey">The key of the person.</param>
/// <param name="Email">The address that the vendor has, or gets.</param>
/// <param name="At">When it was intended.</param>
public sealed record WriteIntent(ActionKind Kind, string PersonKey, string Email, DateTimeOffset At)
{
    /// <summary>
    /// How long invitations that may not have arrived count together, and how long a vendor's answer is trusted over
    /// its lists.
    /// </summary>
    public static readonly TimeSpan UnknownFor = Lesson.UnknownWindow;

    /// <summary>The declared address; null if the person is declared by id, or not at all.</summary>
    public string? DeclaredEmail { get; init; }

    /// <summary>The vendor's id of the person, as far as it is known.</summary>
    public string? PersonId { get; init; }

    /// <summary>The membership that it starts from; null if the person is no member.</summary>
    public string? MembershipId { get; init; }

    /// <summary>The invitation that it starts from; null if there is none.</summary>
    public string? InvitationId { get; init; }

    /// <summary>The access afterwards; null if the person has none then.</summary>
    public DesiredAccess? Access { get; init; }

    /// <summary>What the person gains by it.</summary>
    public Access Added { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>What the person loses by it.</summary>
    public Access Removed { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>The access that the person's entry asks for; null if the person is not declared.</summary>
    public Access? Asked { get; init; }

    /// <summary>Whether it only sends another mail.</summary>
    public bool IsReminder { get; init; }

    /// <summary>Whether it gives an invitation up.</summary>
    public bool GivesUp { get; init; }

    /// <summary>Whether limits count it as a removal.</summary>
    public bool CountsAsRemoval { get; init; }

    /// <summary>The digest of a change of a member's or an invitation's access; null for other writes.</summary>
    public string? Change { get; init; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The digest of the plan that asked for it.</summary>
    public string Plan { get; init; } = "";

    /// <summary>
    /// The digest of the VendorDefinition under which it is sent; empty for a vendor that a provider in code serves.
    /// </summary>
    public string Definition { get; init; } = "";

    /// <summary>Makes the intent of an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="at">The time.</param>
    /// <param name="plan">The digest of its plan.</param>
    public static WriteIntent Of(PlannedAction action, DateTimeOffset at, string plan = "") =>
        new(action.Kind, action.Person.Key, action.Email, at)
        {
            DeclaredEmail = action.Person.Account,
            PersonId =
                action.Member?.PersonId ?? action.Invitation?.PersonId ?? action.AccountId ?? action.Person.UserId,
            MembershipId = action.Member?.MembershipId,
            InvitationId = action.Invitation?.Id,
            Access = action.Access,
            Added = action.Added,
            Removed = action.Removed,
            Asked = action.Asked ?? action.Access?.Grants,
            IsReminder = action.IsReminder,
            GivesUp = action.GivesUp,
            CountsAsRemoval = action.CountsAsRemoval,
            Change = action.Kind is ActionKind.Update or ActionKind.Replace
                ? ActionDigest.OfChange(action.Added, action.Removed)
                : null,
            Reason = action.Reason,
            Plan = plan,
        };

    /// <summary>
    /// Returns the record of a person whose invitation was sent and may not have arrived. Those sent within a day count
    /// together, so that a person whose invitations never show is not invited in every reconcile.
    /// </summary>
    /// <param name="record">The record before the write; null if there was none.</param>
    /// <param name="at">When it was last sent.</param>
    /// <param name="sends">How often it was sent since the record was made.</param>
    public PersonRecord Unknown(PersonRecord? record, DateTimeOffset at, int sends)
    {
        var isAnother =
            record is { State: PersonState.Invited, Sighting: Sighting.Unknown, InvitedAt: { } first }
            && at - first < UnknownFor;
        var sent = Done(record, at, Sighting.Unknown)!;
        return isAnother
            ? sent with
            {
                InvitedAt = record!.InvitedAt,
                Resends = record.Resends + sends,
            }
            : sent with
            {
                Resends = sends - 1,
            };
    }

    /// <summary>Returns the person's record once the write is done; null if none is needed.</summary>
    /// <param name="record">The record before the write; null if there was none.</param>
    /// <param name="at">When it was done.</param>
    /// <param name="sighting">How it is known that the write is done.</param>
    public PersonRecord? Done(PersonRecord? record, DateTimeOffset at, Sighting sighting = Sighting.Seen)
    {
        var address = Email.Length > 0 ? Email : PersonKey;
        var known = record ?? new PersonRecord(address) { PersonId = PersonId };
        return Kind switch
        {
            ActionKind.Invite or ActionKind.Replace when !IsReminder => known with
            {
                Email = address,
                Owned = true,
                State = PersonState.Invited,
                InvitedAt = at,
                SentAt = at,
                SeenAt = null,
                Resends = 0,
                Sighting = sighting,
                Asked = Asked,
                // A vendor may say yes and list other access each time, with a mail each time.
                Change = Kind == ActionKind.Replace ? Change : null,
                Repeats = Kind == ActionKind.Replace ? RepeatsAfter(known) : 0,
            },
            ActionKind.Resend or ActionKind.Replace => known with
            {
                Owned = true,
                SentAt = at,
                SeenAt = null,
                Resends = known.Resends + 1,
            },
            ActionKind.Update => known with
            {
                Owned = true,
                Asked = Asked ?? known.Asked,
                Change = Change,
                Repeats = RepeatsAfter(known),
            },
            ActionKind.Revoke when GivesUp => known with
            {
                Email = DeclaredEmail ?? known.Email,
                State = PersonState.GaveUp,
                Asked = Asked,
            },
            _ => record,
        };
    }

    /// <summary>
    /// Returns the person's record once the write is partly done. Access that an update or invitation gave is owned
    /// even if it is not the access that was asked for. Of a replacement, the revocation is done: the next reconcile
    /// invites, or replaces what the vendor lists with other access. If an older invitation is still pending, its
    /// reminders count from now on.
    /// </summary>
    /// <param name="record">The record before the write; null if there was none.</param>
    /// <param name="at">When it was done.</param>
    public PersonRecord? PartlyDone(PersonRecord? record, DateTimeOffset at) =>
        Kind switch
        {
            ActionKind.Invite => Done(record, at),
            ActionKind.Update when !Added.IsNone => (
                record ?? new PersonRecord(Email) { PersonId = PersonId, State = PersonState.Member }
            ) with
            {
                Owned = true,
            },
            ActionKind.Replace when record is not null => record with
            {
                Owned = true,
                State = PersonState.Known,
                InvitedAt = null,
                SentAt = null,
                SeenAt = at,
                Resends = 0,
                Change = Change,
                Repeats = RepeatsAfter(record),
            },
            _ => record,
        };

    private int RepeatsAfter(PersonRecord record) => record.Change == Change ? record.Repeats + 1 : 1;
}
