using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine.Planning;

namespace Reconciler.Engine.Reviews;

/// <summary>
/// Builds the rows of one project: one for every account and every pending invitation, since each is access that a
/// person has or can take, and one for every declared person who has neither.
/// </summary>
internal sealed class ReviewRows
{
    private readonly ProjectPlan _plan;
    private readonly ReviewProject _shown;
    private readonly GrantHistory _history;
    private readonly DateTimeOffset _now;
    private readonly ILookup<string, Finding> _findings;
    private readonly ILookup<string, PlannedAction> _actions;

    private ReviewRows(ProjectPlan plan, ReviewProject shown, GrantHistory history, DateTimeOffset now)
    {
        (_plan, _shown, _history, _now) = (plan, shown, history, now);
        _findings = plan.Findings.ToLookup(f => f.Person, StringComparer.Ordinal);
        _actions = plan.Actions.ToLookup(a => a.Person.Key, StringComparer.Ordinal);
    }

    public static IEnumerable<ReviewRow> Of(
        PlannedProject planned,
        ReviewProject shown,
        GrantHistory history,
        DateTimeOffset now
    )
    {
        var rows = new ReviewRows(planned.Plan!, shown, history, now);
        return PersonInProject.AllOf(planned.Plan!, planned.Memory.Ledger, now).SelectMany(rows.Of);
    }

    private IEnumerable<ReviewRow> Of(PersonInProject person)
    {
        foreach (var member in person.Members)
            yield return Of(person, member);
        foreach (var invitation in person.Invitations)
            yield return Of(person, invitation);
        if (person is { Declared: { } declared, Members.IsEmpty: true, Invitations.IsEmpty: true })
            yield return Absent(person, declared);
    }

    private ReviewRow Of(PersonInProject person, LiveMember member)
    {
        var actions = _actions[person.Person.Key].Where(a => a.Member?.MembershipId == member.MembershipId).ToList();
        return Row(person, ReviewState.Member, actions, member.Access.With(member.Inherited), member.IsService) with
        {
            Account = member.Email,
            PersonId = member.PersonId,
            Name = member.Name,
        };
    }

    private ReviewRow Of(PersonInProject person, LiveInvitation invitation)
    {
        var actions = _actions[person.Person.Key].Where(a => a.Invitation?.Id == invitation.Id).ToList();
        // The ledger knows only the newest invitation; for older ones the vendor states when they were made.
        var mails = invitation == person.Invitations[0] ? person.Mails : null;
        var invitedAt = mails?.InvitedAt ?? invitation.CreatedAt;
        return Row(person, ReviewState.Invited, actions, invitation.Access) with
        {
            Account = invitation.Email,
            PersonId = invitation.PersonId,
            Name = invitation.Name,
            InvitedBy = invitation.InvitedBy,
            InvitedAt = invitedAt,
            LastMailAt = mails?.SentAt,
            CountingFrom = mails?.CountingFrom is { } from && from > invitation.CreatedAt ? from : invitation.CreatedAt,
            Resends = mails?.Resends ?? 0,
            Waits = _now - invitedAt,
        };
    }

    private ReviewRow Absent(PersonInProject person, DesiredMember declared) =>
        Row(
            person,
            ReviewState.Absent,
            [.. _actions[person.Person.Key].Where(a => a.Kind == ActionKind.Invite)],
            declared.Access.Grants
        ) with
        {
            Since = null,
            ChangedAt = null,
            Plan = "",
        };

    private ReviewRow Row(
        PersonInProject person,
        ReviewState state,
        List<PlannedAction> actions,
        Access access,
        bool isService = false
    )
    {
        var granted = _history.Of(_plan.Project.Key, Keys(person));
        return new(_shown, person.Person.Label, state, Standing(person, actions, isService))
        {
            Key = person.Person.Key,
            PersonId = person.Person.UserId,
            WhyNotManaged = WhyNotManaged(person, isService),
            Access = access,
            Admin = _plan.Project.Provider.Vendor.Access.Administers(access),
            Owned = person.Record?.Owned == true,
            Since = granted?.Since,
            ChangedAt = granted?.ChangedAt,
            Plan = granted?.Plan ?? "",
            Until = person.Declared?.ExpiresAt,
            Reason = person.Declared?.Reason ?? person.Requested?.Reason,
            Declared = Places(person),
            Change = string.Join(", ", actions.Select(a => ActionWords.Of(a.Kind)).Distinct(StringComparer.Ordinal)),
            Held = actions.Exists(a => _plan.Project.DryRun || _plan.IsHeld(a)),
            Findings = [.. _findings[person.Person.Label]],
        };
    }

    private static ReviewStanding Standing(PersonInProject person, List<PlannedAction> actions, bool isService)
    {
        if (isService || person.LeftAlone is not null)
            return ReviewStanding.LeftAlone;
        if (person.Declared is not null)
            return ReviewStanding.Declared;
        return actions.Exists(a => a.CountsAsRemoval) ? ReviewStanding.Leaving : ReviewStanding.Unmanaged;
    }

    private static string? WhyNotManaged(PersonInProject person, bool isService) =>
        person.LeftAlone ?? (isService ? NotManaged.WhatOf(NotManagedReason.Machine) : null);

    private static ImmutableArray<string> Places(PersonInProject person) =>
        person switch
        {
            { Declared: { } declared } => [.. declared.Declared.Select(d => d.ToString())],
            { Requested: { } requested } => [requested.Declared.ToString()],
            _ => [],
        };

    // The trail contains the address that was sent to the vendor, which may be another address of the same person.
    private static IEnumerable<string> Keys(PersonInProject person) =>
        person
            .Person.Aliases.Prepend(person.Person.Key)
            .Concat(person.Members.Select(m => EmailAddress.KeyOf(m.Email)))
            .Concat(person.Invitations.Select(i => EmailAddress.KeyOf(i.Email)))
            .Concat(person.Record is { } record ? [EmailAddress.KeyOf(record.Email)] : []);
}
