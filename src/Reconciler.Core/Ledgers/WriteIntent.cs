using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// A write that is about to be sent, remembered before it is: should nobody write down its outcome, reading the project
/// tells. It holds what that takes, and what the person's record says once it is done.
/// </summary>
/// <param name="Kind">What the write does.</param>
/// <param name="PersonKey">The key of the person.</param>
/// <param name="Email">The address that the vendor has, or gets.</param>
/// <param name="At">When it was intended.</param>
public sealed record WriteIntent(ActionKind Kind, string PersonKey, string Email, DateTimeOffset At)
{
    /// <summary>
    /// For how long invitations that may never have arrived count together, and an answer is believed against every
    /// list.
    /// </summary>
    public static readonly TimeSpan UnknownFor = Lesson.UnknownWindow;

    /// <summary>The address as declared; null where the person is declared by id, or not at all.</summary>
    public string? DeclaredEmail { get; init; }

    /// <summary>The vendor's id of the person, as far as it is known.</summary>
    public string? PersonId { get; init; }

    /// <summary>The member that it starts from; null where the person is none.</summary>
    public string? MembershipId { get; init; }

    /// <summary>The invitation that it starts from; null where there is none.</summary>
    public string? InvitationId { get; init; }

    /// <summary>The access afterwards; null where the person has none then.</summary>
    public DesiredAccess? Access { get; init; }

    /// <summary>What the person gains by it.</summary>
    public Access Added { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>What the person loses by it.</summary>
    public Access Removed { get; init; } = Reconciler.Core.Membership.Access.None;

    /// <summary>The access that the person's entry asks for; null where nothing declares the person.</summary>
    public Access? Asked { get; init; }

    /// <summary>Whether it only sends another mail.</summary>
    public bool IsReminder { get; init; }

    /// <summary>Whether it gives an invitation up.</summary>
    public bool GivesUp { get; init; }

    /// <summary>Whether limits count it.</summary>
    public bool CountsAsRemoval { get; init; }

    /// <summary>The name of the change, for members whose access changes.</summary>
    public string? Change { get; init; }

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The digest of the plan that asked for it.</summary>
    public string Plan { get; init; } = "";

    /// <summary>The intent of an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="at">When.</param>
    /// <param name="plan">The digest of its plan.</param>
    public static WriteIntent Of(PlannedAction action, DateTimeOffset at, string plan = "") =>
        new(action.Kind, action.Person.Key, action.Email, at)
        {
            DeclaredEmail = action.Person.Email?.Text,
            PersonId = action.Member?.PersonId ?? action.Invitation?.PersonId ?? action.Person.UserId,
            MembershipId = action.Member?.MembershipId,
            InvitationId = action.Invitation?.Id,
            Access = action.Access,
            Added = action.Added,
            Removed = action.Removed,
            Asked = action.Asked ?? action.Access?.Grants,
            IsReminder = action.IsReminder,
            GivesUp = action.GivesUp,
            CountsAsRemoval = action.CountsAsRemoval,
            Change = action.Kind == ActionKind.Update ? ActionDigest.OfChange(action.Added, action.Removed) : null,
            Reason = action.Reason,
            Plan = plan,
        };

    /// <summary>
    /// What is remembered of somebody whose invitation was sent while nothing shows that it arrived. Those sent within
    /// a day count together, so that a person whose invitations never show does not get one with every pass.
    /// </summary>
    /// <param name="record">What was remembered before.</param>
    /// <param name="at">When it was sent last.</param>
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

    /// <summary>
    /// What is remembered of the person once the write is done; null where nothing was, and nothing needs to be.
    /// </summary>
    /// <param name="record">What was remembered before.</param>
    /// <param name="at">When it was done.</param>
    /// <param name="sighting">How it is known to be done.</param>
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
                Change = Change,
                Repeats = known.Change == Change ? known.Repeats + 1 : 1,
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
    /// What is remembered once only a part of it is done. Of an update or an invitation that gave other access than was
    /// asked for, the access is ours all the same. Of a replacement only the first step is done: the invitation is gone
    /// and no mail went out. Nothing waits any more, and nothing vanished: the next pass invites. Should an older
    /// invitation still wait, its next reminder does so from now on.
    /// </summary>
    /// <param name="record">What was remembered before.</param>
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
            },
            _ => record,
        };
}
