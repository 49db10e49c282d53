using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Core.Recording;

/// <summary>
/// One person's record during a reconcile, with what is still in the project if nothing declares them.
/// </summary>
internal sealed class Remembered
{
    public PersonRecord? Record { get; set; }

    public bool IsDeclared { get; private init; }

    // The memberships and invitations that an undeclared person still has. The person is forgotten with the last of
    // them.
    public HashSet<string> LeftOver { get; } = new(StringComparer.Ordinal);

    public static Remembered Untouched(PersonRecord record) => new() { IsDeclared = true, Record = record };

    public static Remembered Of(
        PersonCase person,
        AccessVocabulary words,
        DateTimeOffset now,
        Func<LiveInvitation, PersonRecord?, DateTimeOffset> seenAt
    )
    {
        if (person.IsUndecided)
            return new() { IsDeclared = true, Record = person.Record };
        if (person.Declared is { } declared)
            return new() { IsDeclared = true, Record = Observe(person, declared, words, now, seenAt) };
        var undeclared = new Remembered();
        // People without a record stay unrecorded. A record is kept until every account and invitation of the person is
        // gone.
        if (person.Record is null)
            return undeclared;
        foreach (var member in person.Members)
            undeclared.LeftOver.Add(member.MembershipId);
        foreach (var invitation in person.Pending)
            undeclared.LeftOver.Add(invitation.Id);
        if (undeclared.LeftOver.Count > 0)
            undeclared.Record = Seen(person, person.Record);
        return undeclared;
    }

    private static PersonRecord? Observe(
        PersonCase person,
        DesiredMember declared,
        AccessVocabulary words,
        DateTimeOffset now,
        Func<LiveInvitation, PersonRecord?, DateTimeOffset> seenAt
    )
    {
        var record = person.Record;
        if (person.MovedTo is not null)
            return record;
        if (person.Member is { } member)
            return Joined(person, declared, member, words);
        if (person.Invitation is not { } invitation)
            return WithoutFutureEnd(record, words, now);
        var mails = person.Mails is { } sent
            ? sent with
            {
                InvitedAt = sent.InvitedAt ?? invitation.CreatedAt,
            }
            : new PersonRecord(invitation.Email)
            {
                InvitedAt = invitation.CreatedAt,
                SeenAt = seenAt(invitation, record),
            };
        var isAsDeclared = declared.Access.Matches(invitation.Access);
        // One that no list shows yet is known by what was asked for alone.
        var isSeenAsDeclared = isAsDeclared && !invitation.IsBelieved;
        return Seen(person, mails) with
        {
            Owned = record?.Owned == true || isAsDeclared,
            Change = isSeenAsDeclared ? null : record?.Change,
            Repeats = isSeenAsDeclared ? 0 : record?.Repeats ?? 0,
            State = PersonState.Invited,
            Sighting = invitation.IsBelieved ? mails.Sighting : Sighting.Seen,
            Asked = invitation.Access,
        };
    }

    private static PersonRecord Joined(
        PersonCase person,
        DesiredMember declared,
        LiveMember member,
        AccessVocabulary words
    )
    {
        var record = person.Record;
        var isUnchanged = words.WithEndCompared(declared.Access).Matches(member.Access);
        var wasMember = record?.State == PersonState.Member;
        return Seen(person, record ?? new(member.Email)) with
        {
            Owned = record?.Owned == true || declared.Access.Matches(member.Access),
            State = PersonState.Member,
            InvitedAt = null,
            SentAt = null,
            SeenAt = null,
            Resends = 0,
            Sighting = Sighting.Seen,
            // The end is the one that the vendor has: a declared one may not have been told yet.
            Asked = words.WithoutEnd(declared.Access.Grants).With(words.EndOf(member.Access)),
            // The access is still as Reconciler changed it, so nobody changed it back.
            // What was replaced was an invitation; a change of the member was not tried yet.
            Change = isUnchanged || !wasMember ? null : record?.Change,
            Repeats = isUnchanged || !wasMember ? 0 : record?.Repeats ?? 0,
        };
    }

    // Somebody who is gone before the day left, or was removed by hand, and the day will not have ended the access.
    private static PersonRecord? WithoutFutureEnd(PersonRecord? record, AccessVocabulary words, DateTimeOffset now) =>
        record is not { State: PersonState.Member, Asked: { } asked } || words.ExpiryOf(asked) <= now
            ? record
            : record with
            {
                Asked = words.WithoutEnd(asked),
            };

    private static PersonRecord Seen(PersonCase person, PersonRecord record) =>
        record with
        {
            Email = Address(person, record),
            PersonId =
                person.Member?.PersonId ?? person.Invitation?.PersonId ?? record.PersonId ?? person.Person.UserId,
        };

    // Store the address that the vendor has, so that the account is found again after its entry is deleted. The address
    // of a person who moved is kept, because it links the entry to the account.
    private static string Address(PersonCase person, PersonRecord record)
    {
        var live = person.Member?.Email ?? person.Invitation?.Email ?? "";
        var key = EmailAddress.KeyOf(live);
        if (key == person.Person.Key || person.Person.Aliases.Contains(key))
            return live;
        // People who are declared by id are matched by id. Their old address may belong to another account by now.
        if (person.Declared is not null && person.Person.Account is null && live.Length > 0)
            return live;
        return record.Email.Length > 0 ? record.Email : person.Person.Key;
    }
}
