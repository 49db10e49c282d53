using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Planning;

namespace Reconciler.Core.Membership;

/// <summary>
/// What is remembered of a project after a pass: what its reading showed, then what was done. Pure. Declared people are owned once they
/// have, or were sent, what is declared; people who are gone and undeclared are forgotten, so that declaring them anew starts anew.
/// </summary>
public static class LedgerUpdate
{
    /// <summary>The ledger after a pass. What is no ledger (a baseline, no record) stays as it is.</summary>
    /// <param name="before">The ledger that the plan was made with.</param>
    /// <param name="plan">The plan, with the project as read.</param>
    /// <param name="done">Those of its actions that were done.</param>
    /// <param name="now">The time of the pass.</param>
    public static ProjectLedger After(ProjectLedger before, ProjectPlan plan, IEnumerable<PlannedAction> done, DateTimeOffset now)
    {
        if (before.Source != OwnershipSource.Ledger) return before;
        var byPerson = done.ToLookup(a => a.Person.Key, StringComparer.Ordinal);
        var cases = CaseBuilder.Build(plan.Project, plan.Live, before);
        var people = cases.Select(c => Next(c, [.. byPerson[c.Person.Key]], now)).OfType<PersonRecord>();
        var removed = byPerson.SelectMany(p => p).Count(a => a.Kind == ActionKind.Remove);
        return before with
        {
            People = [.. people.OrderBy(p => p.Email, StringComparer.Ordinal)],
            TrustedCount = plan.Holds.IsEmpty ? plan.Live.Members.Length - removed : before.TrustedCount,
        };
    }

    private static PersonRecord? Next(PersonCase person, ImmutableArray<PlannedAction> done, DateTimeOffset now)
    {
        if (person.Declared is not { } declared) return StillThere(person, done) ? Seen(person, person.Record!) : null;
        var seen = Observe(person, declared);
        return done.Aggregate(seen, (record, action) => Apply(record, action, person, now));
    }

    // Strangers are not remembered; whoever is, stays so until every account and invitation is gone.
    private static bool StillThere(PersonCase person, ImmutableArray<PlannedAction> done) => person.Record is not null
        && (person.Members.Any(m => !done.Any(a => a.Kind == ActionKind.Remove && a.Member!.MembershipId == m.MembershipId))
            || person.Pending.Any(i => !done.Any(a => a.Kind == ActionKind.Revoke && a.Invitation!.Id == i.Id)));

    private static PersonRecord? Observe(PersonCase person, DesiredMember declared)
    {
        var record = person.Record;
        if (person.MovedTo is not null) return record;
        if (person.Member is { } member)
        {
            var owned = record?.Owned == true || declared.Access.Matches(member.Access);
            return Seen(person, record ?? new(member.Email)) with { Owned = owned, State = PersonState.Member, InvitedAt = null, SentAt = null, Resends = 0, Asked = declared.Access.Grants };
        }

        if (person.Invitation is not { } invitation) return record;
        var mails = person.Mails ?? new PersonRecord(invitation.Email) { InvitedAt = invitation.CreatedAt, SentAt = invitation.CreatedAt };
        return Seen(person, mails) with
        {
            Owned = record?.Owned == true || declared.Access.Matches(invitation.Access),
            State = PersonState.Invited,
            Asked = invitation.Access,
        };
    }

    private static PersonRecord Seen(PersonCase person, PersonRecord record) => record with
    {
        Email = Address(person, record),
        PersonId = person.Member?.PersonId ?? person.Invitation?.PersonId ?? record.PersonId ?? person.Person.UserId,
    };

    // Of a person's addresses the one that the vendor has, so that the account is found again once nothing declares the person. The
    // address of somebody who moved stays: it is what leads from the entry to the account.
    private static string Address(PersonCase person, PersonRecord record)
    {
        var live = person.Member?.Email ?? person.Invitation?.Email ?? "";
        var key = EmailAddress.KeyOf(live);
        if (key == person.Person.Key || person.Person.Aliases.Contains(key)) return live;
        return record.Email.Length > 0 ? record.Email : person.Person.Key;
    }

    private static PersonRecord? Apply(PersonRecord? record, PlannedAction action, PersonCase person, DateTimeOffset now)
    {
        var known = record ?? new PersonRecord(action.Email) { PersonId = person.Person.UserId };
        return action.Kind switch
        {
            ActionKind.Invite or ActionKind.Replace when !action.IsReminder => known with
            {
                Email = action.Email,
                Owned = true,
                State = PersonState.Invited,
                InvitedAt = now,
                SentAt = now,
                Resends = 0,
                Asked = action.Access!.Grants,
            },
            ActionKind.Resend or ActionKind.Replace => known with { Owned = true, SentAt = now, Resends = known.Resends + 1 },
            ActionKind.Update => known with { Owned = true },
            ActionKind.Revoke when action.GivesUp => known with { Email = person.Person.Email?.Text ?? known.Email, State = PersonState.GaveUp, Asked = person.Declared!.Access.Grants },
            _ => record,
        };
    }
}
