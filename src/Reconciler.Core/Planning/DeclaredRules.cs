using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>The rows for declared people who are members, or absent.</summary>
internal static class DeclaredRules
{
    public static bool Keep(PersonCase person, PersonDecision decision)
    {
        if (
            person.Declared is not { } declared
            || person.Member is not { } member
            || !Compared(declared, decision).Matches(member.Access)
        )
            return false;
        decision.Converged.Add(person.Person.Key);
        TidyUp(person, decision);
        return true;
    }

    public static bool Update(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is not { } declared || person.Member is not { } member)
            return false;
        var (access, words) = (Compared(declared, decision), decision.Project.Provider.Vendor.Access);
        var added = access.MissingFrom(member.Access);
        var removed = access.ExcessOf(member.Access);
        if (!added.IsNone)
            Trust(person, decision, member.PersonId);
        var losesAdmin =
            words.Administers(member.Access) && !words.Administers(member.Access.Without(removed).With(added));
        var (gives, why) = Change(words, added, removed);
        decision.Do(
            new(
                ActionKind.Update,
                gives ? Phase.Grant : Phase.Demotion,
                person.Person,
                PlanText.Because(why, declared.Reason)
            )
            {
                Email = member.Email,
                Member = member,
                Access = access,
                Added = added,
                Removed = removed,
                LosesAdmin = losesAdmin,
                CountsAsRemoval = losesAdmin,
                Declared = declared.Declared,
            }
        );
        TidyUp(person, decision);
        return true;
    }

    // A member's end is compared; that of an invitation is not, since another mail would tell nothing.
    private static DesiredAccess Compared(DesiredMember declared, PersonDecision decision) =>
        decision.Project.Provider.Vendor.Access.WithEndCompared(declared.Access);

    // Whether a change gives something, and why it is made. A later end gives, as does none.
    private static (bool Gives, string Why) Change(AccessVocabulary words, Access added, Access removed)
    {
        var given = words.WithoutEnd(added);
        if (!given.IsNone || !words.WithoutEnd(removed).IsNone)
            return (!given.IsNone, "declared with other access");
        return (words.DayOf(added), words.DayOf(removed)) switch
        {
            (null, _) => (true, "declared without an end"),
            (_, null) => (false, "declared with an end"),
            var (day, before) => (AccessEnd.IsSooner(before, day), "declared with another end"),
        };
    }

    public static bool Declined(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.DeclinedInvitation is not { } declined)
            return false;
        if (decision.Project.Invitations.ReinviteDeclined)
        {
            return Invite(
                person,
                decision,
                $"declared; declined the invitation of {PlanText.Date(declined.CreatedAt)}, and reinviteDeclined is set"
            );
        }

        decision.AddFinding(
            FindingKind.Declined,
            person.Person,
            $"declined the invitation of {PlanText.Date(declined.CreatedAt)}; delete the entry, "
                + "or set invitations.reinviteDeclined"
        );
        return true;
    }

    public static bool GaveUp(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.Record is not { State: PersonState.GaveUp } record)
            return false;
        if (EmailAddress.KeyOf(record.Email) != person.Person.Key || !IsAsked(person.Declared, record, decision))
            return false;
        decision.AddFinding(
            FindingKind.GaveUp,
            person.Person,
            "never accepted, and the invitation was given up; delete the entry, or change it to invite again"
        );
        return true;
    }

    // Another end is no other access.
    private static bool IsAsked(DesiredMember declared, PersonRecord record, PersonDecision decision)
    {
        var words = decision.Project.Provider.Vendor.Access;
        return words.WithoutEnd(declared.Access.Grants).Equals(words.WithoutEnd(record.Asked ?? Access.None));
    }

    public static bool NotSeen(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.IsAddable)
            return false;
        if (
            person.Record
            is not { State: PersonState.Invited, Sighting: not Sighting.Seen, InvitedAt: { } invited } record
        )
            return false;
        if (decision.Now - invited >= WriteIntent.UnknownFor)
            return record.Sighting == Sighting.Unknown && Invite(person, decision);
        if (record.Sighting == Sighting.Answered)
        {
            decision.AddFinding(
                FindingKind.Waiting,
                person.Person,
                $"was invited on {PlanText.Date(invited)}, and no list has shown the invitation since; "
                    + "nothing is sent again"
            );
            return true;
        }

        if (record.Resends < 1)
            return Invite(person, decision);
        decision.AddFinding(
            FindingKind.Waiting,
            person.Person,
            $"was invited twice since {PlanText.Date(invited)}, and nothing shows that it arrived; "
                + "not sent again within 24 hours"
        );
        return true;
    }

    public static bool Expired(PersonCase person, PersonDecision decision)
    {
        // One that was sent since is another, and what became of it is not known.
        if (
            person.Declared is null
            || person.ExpiredInvitation is not { } expired
            || person.Record?.State == PersonState.Member
            || person.Record?.InvitedAt - expired.CreatedAt > WriteIntent.UnknownFor
        )
            return false;
        if (decision.Project.Invitations.ReinviteExpired)
        {
            return Invite(
                person,
                decision,
                $"declared; the invitation of {PlanText.Date(expired.CreatedAt)} {Ended(expired)}, "
                    + "and reinviteExpired is set"
            );
        }

        decision.AddFinding(
            FindingKind.Expired,
            person.Person,
            $"has not answered the invitation of {PlanText.Date(expired.CreatedAt)}, and it {Ended(expired)}; "
                + "delete the entry, or set invitations.reinviteExpired"
        );
        return true;
    }

    private static string Ended(LiveInvitation invitation) =>
        invitation.Failure is { } why and not "expired" ? $"failed ({why})" : "expired";

    public static bool Vanished(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.Record?.State != PersonState.Invited || person.IsAddable)
            return false;
        var invited = $"was invited on {PlanText.Date(person.Record.InvitedAt ?? person.Record.CountingFrom)}, ";
        decision.AddFinding(
            FindingKind.Vanished,
            person.Person,
            person.ExpiredInvitation is { } expired
                ? invited
                    + $"and only the invitation of {PlanText.Date(expired.CreatedAt)} is listed, "
                    + $"which {Ended(expired)}; "
                    + "revoke it at the vendor, and forget the person's record to invite again"
                : invited
                    + "and the invitation is gone: declined, expired or revoked by hand; delete the entry, "
                    + "or forget the person's record to invite again"
        );
        return true;
    }

    public static bool Left(PersonCase person, PersonDecision decision)
    {
        if (
            person.Declared is null
            || person.Record?.State != PersonState.Member
            || decision.Project.Invitations.ReinviteLeft
            || HasEnded(person.Record, decision)
        )
            return false;
        decision.AddFinding(
            FindingKind.Left,
            person.Person,
            "was a member and left, or was removed by hand; delete the entry, or set invitations.reinviteLeft"
        );
        return true;
    }

    // The vendor ended the access, on the day that it was told; the entry was renewed since.
    private static bool HasEnded(PersonRecord record, PersonDecision decision) =>
        decision.Project.Provider.Vendor.Access.ExpiryOf(record.Asked ?? Access.None) <= decision.Now;

    public static bool Invite(PersonCase person, PersonDecision decision) =>
        Invite(person, decision, "declared and absent");

    private static bool Invite(PersonCase person, PersonDecision decision, string what)
    {
        if (person.Declared is not { } declared)
            return false;
        if (person.Person.Account is null && !person.IsAddable)
        {
            decision.AddFinding(
                FindingKind.Manual,
                person.Person,
                decision.Project.Provider.Vendor.Logins is null
                    ? "is declared by the vendor's id alone and is no member; an invitation needs an address"
                    : "is declared by the vendor's id alone and is no member; an invitation needs a login"
            );
            return true;
        }

        Trust(person, decision, person.Account?.Id);
        decision.Do(
            new(ActionKind.Invite, Phase.Grant, person.Person, PlanText.Because(what, declared.Reason))
            {
                // The address may be empty: a vendor that adds its users by id needs none.
                Email = person.Person.Account ?? "",
                AccountId = person.Account?.Id,
                Access = declared.Access,
                Added = declared.Access.Grants,
                Message = decision.Project.Invitations.Message,
                Declared = declared.Declared,
            },
            person.IsAddable
        );
        return true;
    }

    // Somebody who registers a free login would get what is declared for it.
    private static void Trust(PersonCase person, PersonDecision decision, string? account)
    {
        if (!person.IsOnTrust)
            return;
        decision.AddFinding(
            FindingKind.OnTrust,
            person.Person,
            account is null
                ? "is a login, and nothing says whose; pin it with the account's id"
                : $"is the account {account} today, and nothing says that it is the right one; "
                    + $"pin it with id: \"{account}\""
        );
    }

    private static void TidyUp(PersonCase person, PersonDecision decision)
    {
        foreach (var second in person.Members.AsSpan()[1..])
        {
            decision.AddFinding(
                FindingKind.SecondAccount,
                person.Person,
                $"has a second account, {second.Email}; remove it by hand, or take the alias away"
            );
        }

        PendingRules.RevokeLeftOver(person, decision, person.Pending.AsSpan(), "left over: the person is a member");
    }
}
