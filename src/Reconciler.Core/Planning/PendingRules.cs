using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>The plan rows for declared people with a pending invitation.</summary>
internal static class PendingRules
{
    public static bool Wait(PersonCase person, PersonDecision decision)
    {
        if (
            person.Declared is not { } declared
            || person.Invitation is not { } invitation
            || !declared.Access.Matches(invitation.Access)
        )
            return false;
        RevokeLeftOver(person, decision, person.Pending.AsSpan()[1..], "left over: a newer invitation waits");
        if (invitation.IsBelieved)
        {
            decision.AddFinding(
                FindingKind.Waiting,
                person.Person,
                $"invited on {PlanText.Date(invitation.CreatedAt)}; no list shows the invitation yet"
            );
            return true;
        }

        // A person who was a member when last seen may still be one, whom the list of members left out. That is no
        // reason to send a mail.
        var wasMember = person.Record?.State == PersonState.Member;
        var givenUp = decision.Remembers && IsGivenUp(person, invitation, decision);
        if (givenUp && Exceptions.Protection(person, decision) is null)
            GiveUp(person, invitation, decision);
        else if (!givenUp && decision.Remembers && !wasMember && IsDue(person, invitation, decision))
            decision.Do(Reminder(person, declared, invitation, decision));
        else
            decision.AddFinding(
                FindingKind.Waiting,
                person.Person,
                $"invited on {PlanText.Date(person.Mails?.InvitedAt ?? invitation.CreatedAt)}, not accepted yet"
            );
        return true;
    }

    public static bool Replace(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is not { } declared || person.Invitation is not { } invitation)
            return false;
        RevokeLeftOver(person, decision, person.Pending.AsSpan()[1..], "left over: a newer invitation waits");
        if (invitation.IsBelieved)
        {
            decision.AddFinding(
                FindingKind.Waiting,
                person.Person,
                $"invited with {invitation.Access}, and no list shows the invitation yet; once one does it is replaced"
            );
            return true;
        }

        var capabilities = decision.Project.Provider.Vendor.Capabilities;
        if (
            !capabilities.Can(ActionKind.Replace)
            || (!capabilities.ReplacesInPlace && !capabilities.Can(ActionKind.Revoke))
            || invitation.NamesOtherProjects
            || IsToAddress(person, invitation)
        )
        {
            decision.AddFinding(
                FindingKind.Waiting,
                person.Person,
                $"invited with {invitation.Access}; the declared access, {declared.Access.Grants}, "
                    + "can be given once the person has accepted"
            );
            return true;
        }

        decision.Do(Replacement(person, declared, invitation, decision, "invited with other access"));
        return true;
    }

    public static void RevokeLeftOver(
        PersonCase person,
        PersonDecision decision,
        ReadOnlySpan<LiveInvitation> leftOver,
        string reason
    )
    {
        foreach (var invitation in leftOver)
        {
            if (invitation.NamesOtherProjects || invitation.IsBelieved)
                continue;
            decision.Do(
                new(ActionKind.Revoke, Phase.Revocation, person.Person, reason)
                {
                    Email = invitation.Email,
                    Invitation = invitation,
                    Removed = invitation.Access,
                    Declared = person.Declared?.Declared ?? [],
                }
            );
        }
    }

    private static bool IsGivenUp(PersonCase person, LiveInvitation invitation, PersonDecision decision)
    {
        var rules = decision.Project.Invitations;
        var invitedAt = person.Mails?.InvitedAt ?? invitation.CreatedAt;
        if (rules.ExpireAfter is { } expire && decision.Now - invitedAt >= expire)
            return true;
        if (rules.ResendAfter is not { } after)
            return false;
        var left = rules.MaxResends - (person.Mails?.Resends ?? 0);
        if (left <= 0)
            return IsDue(person, invitation, decision);
        // Reminders that cannot be sent still count towards giving up, each at the time when it was due.
        return decision.Now - CountingFrom(person, invitation) >= after * (left + 1)
            && LearnedRules.WhyNoReminder(Reminder(person, person.Declared!, invitation, decision), decision)
                is not null;
    }

    private static bool IsDue(PersonCase person, LiveInvitation invitation, PersonDecision decision) =>
        decision.Project.Invitations.ResendAfter is { } after
        && decision.Now - CountingFrom(person, invitation) >= after;

    // An invitation that is newer than our last mail was made by hand and sent a mail of its own.
    private static DateTimeOffset CountingFrom(PersonCase person, LiveInvitation invitation) =>
        person.Mails?.CountingFrom is { } from && from > invitation.CreatedAt ? from : invitation.CreatedAt;

    private static void GiveUp(PersonCase person, LiveInvitation invitation, PersonDecision decision)
    {
        // If one of several is revoked, the next run sends a reminder of the one that stays.
        if (person.Pending.Any(i => i.NamesOtherProjects))
        {
            decision.AddFinding(
                FindingKind.Manual,
                person.Person,
                invitation.NamesOtherProjects
                    ? "never accepted; the invitation names other projects too, so it is not revoked: revoke it by hand"
                    : "never accepted; another invitation names other projects too, so none is revoked: revoke both "
                        + "by hand"
            );
            return;
        }

        decision.Do(
            new(
                ActionKind.Revoke,
                Phase.Revocation,
                person.Person,
                $"given up: invited on {PlanText.Date(person.Mails?.InvitedAt ?? invitation.CreatedAt)} "
                    + "and never accepted"
            )
            {
                Email = invitation.Email,
                Invitation = invitation,
                Removed = invitation.Access,
                CountsAsRemoval = true,
                GivesUp = true,
                Asked = decision.Project.Provider.Vendor.Access.WithoutEnd(person.Declared!.Access.Grants),
                Declared = person.Declared.Declared,
            }
        );
    }

    // A call that names people by logins cannot name an address, so such an invitation cannot be sent anew.
    private static bool IsToAddress(PersonCase person, LiveInvitation invitation) =>
        person.Person.Login is not null && invitation.Email.Contains('@', StringComparison.Ordinal);

    private static PlannedAction Reminder(
        PersonCase person,
        DesiredMember declared,
        LiveInvitation invitation,
        PersonDecision decision
    )
    {
        var reason = $"no answer since {PlanText.Date(CountingFrom(person, invitation))}";
        var reinvites =
            decision.Project.Invitations.ResendBy == ResendBy.Reinvite
            && !invitation.NamesOtherProjects
            && !IsToAddress(person, invitation)
            && decision.Project.Provider.Vendor.Capabilities.Reinvites;
        if (reinvites)
            return Replacement(person, declared, invitation, decision, reason);
        return new(ActionKind.Resend, Phase.Grant, person.Person, reason)
        {
            Email = invitation.Email,
            Invitation = invitation,
            Access = declared.Access,
            Declared = declared.Declared,
        };
    }

    private static PlannedAction Replacement(
        PersonCase person,
        DesiredMember declared,
        LiveInvitation invitation,
        PersonDecision decision,
        string reason
    )
    {
        var changes = decision.Project.Provider.Vendor.Capabilities.ChangesInvitations;
        return new(ActionKind.Replace, Phase.Grant, person.Person, reason)
        {
            Email = changes ? invitation.Email : person.Person.Account ?? invitation.Email,
            Invitation = invitation,
            Access = declared.Access,
            Added = declared.Access.MissingFrom(invitation.Access),
            Removed = declared.Access.ExcessOf(invitation.Access),
            Message = decision.Project.Invitations.Message,
            Declared = declared.Declared,
        };
    }
}
