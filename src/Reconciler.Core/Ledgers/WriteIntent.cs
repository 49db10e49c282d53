using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Core.Ledgers;

/// <summary>
/// A write that is about to be sent, remembered before it is: should nobody write down its outcome, reading the project tells. It holds
/// what that takes, and what the person's record says once it is done.
/// </summary>
/// <param name="Kind">What the write does.</param>
/// <param name="PersonKey">The key of the person.</param>
/// <param name="Email">The address that the vendor has, or gets.</param>
/// <param name="At">When it was intended.</param>
public sealed record WriteIntent(ActionKind Kind, string PersonKey, string Email, DateTimeOffset At)
{
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
    public static WriteIntent Of(PlannedAction action, DateTimeOffset at, string plan = "") => new(action.Kind, action.Person.Key, action.Email, at)
    {
        DeclaredEmail = action.Person.Email?.Text,
        PersonId = action.Member?.PersonId ?? action.Invitation?.PersonId ?? action.Person.UserId,
        MembershipId = action.Member?.MembershipId,
        InvitationId = action.Invitation?.Id,
        Access = action.Access,
        Asked = action.Asked ?? action.Access?.Grants,
        IsReminder = action.IsReminder,
        GivesUp = action.GivesUp,
        CountsAsRemoval = action.CountsAsRemoval,
        Change = action.Kind == ActionKind.Update ? PlanDigest.OfChange(action.Added, action.Removed) : null,
        Reason = action.Reason,
        Plan = plan,
    };

    /// <summary>What is remembered of the person once the write is done; null where nothing was, and nothing needs to be.</summary>
    /// <param name="record">What was remembered before.</param>
    /// <param name="at">When it was done.</param>
    public PersonRecord? Done(PersonRecord? record, DateTimeOffset at)
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
                Resends = 0,
                Asked = Asked,
            },
            ActionKind.Resend or ActionKind.Replace => known with { Owned = true, SentAt = at, Resends = known.Resends + 1 },
            ActionKind.Update => known with { Owned = true, Change = Change, Repeats = known.Change == Change ? known.Repeats + 1 : 1 },
            ActionKind.Revoke when GivesUp => known with { Email = DeclaredEmail ?? known.Email, State = PersonState.GaveUp, Asked = Asked },
            _ => record,
        };
    }

    /// <summary>
    /// What is remembered once only the first step of a replacement is done: the invitation is gone and no mail went out. Nothing waits
    /// any more, and nothing vanished: the next pass invites. Should an older invitation still wait, its next reminder does so from now on.
    /// </summary>
    /// <param name="record">What was remembered before.</param>
    /// <param name="at">When it was done.</param>
    public PersonRecord? PartlyDone(PersonRecord? record, DateTimeOffset at) =>
        Kind == ActionKind.Replace && record is not null ? record with { Owned = true, State = PersonState.Known, InvitedAt = null, SentAt = at, Resends = 0 } : record;
}
