using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>The plan rows for people who are ignored or protected.</summary>
internal static class Exceptions
{
    public static bool LeaveAlone(PersonCase person, PersonDecision decision)
    {
        if (NotManagedAs(person, decision) is not { } reason)
            return false;
        var why = Subject(reason);
        var present = person.Member is not null || person.Invitation is not null;
        if (person.Declared is not null)
            decision.AddFinding(FindingKind.Ignored, person.Person, $"is declared, but not managed: {why}");
        else if (person.Requested is not null && present)
            decision.AddFinding(
                FindingKind.Ignored,
                person.Person,
                $"{person.Requested.Reason}, but not managed: {why}"
            );
        else if (present)
            decision.NotManaged.Add(NotManaged.Of(person.Person, reason));
        return true;
    }

    /// <summary>What a person is who is not managed, declared or not; null if the person is managed.</summary>
    public static string? WhyNotManaged(PersonCase person, PersonDecision decision) =>
        NotManagedAs(person, decision) is { } reason ? NotManaged.WhatOf(reason) : null;

    private static NotManagedReason? NotManagedAs(PersonCase person, PersonDecision decision)
    {
        if (IsIgnored(person, decision))
            return NotManagedReason.Ignored;
        if (person.IsMachine || person.Member?.IsService == true)
            return NotManagedReason.Machine;
        return person.Declared is null && IsInherited(person) ? NotManagedReason.Inherited : null;
    }

    // What comes from a group or a parent project cannot be taken away in the project itself.
    private static bool IsInherited(PersonCase person) =>
        person.Member is not null && person.Invitation is null && person.Members.All(m => m.IsInherited);

    private static string Subject(NotManagedReason reason) =>
        reason switch
        {
            NotManagedReason.Ignored => "the provider's ignore list names the person",
            NotManagedReason.Inherited => "all access comes from a group or a parent project",
            _ => "it is a machine account",
        };

    public static bool Protect(PersonCase person, PersonDecision decision)
    {
        if (ProtectedAs(person, decision) is not { } reason || (person.Member is null && person.Invitation is null))
            return false;
        return person.Declared is null
            ? ProtectUndeclared(person, decision, reason)
            : ProtectDeclared(person, decision, NotManaged.WhyOf(reason), person.Declared);
    }

    /// <summary>
    /// Takes a sooner end than the vendor has out of what is declared for a protected person, from whom nothing may be
    /// taken.
    /// </summary>
    public static void KeepEnd(PersonCase person, PersonDecision decision)
    {
        var words = decision.Project.Provider.Vendor.Access;
        if (
            person.Declared is not { } declared
            || words.DayOf(declared.Access.Grants) is not { } day
            || ProtectedAs(person, decision) is null
        )
            return;
        var live = person.Member?.Access ?? person.Invitation?.Access ?? Access.None;
        if (words.DayOf(live) is { } kept && !AccessEnd.IsSooner(day, kept))
            return;
        person.Declared = declared with
        {
            Access = declared.Access with { Grants = words.WithoutEnd(declared.Access.Grants).With(words.EndOf(live)) },
        };
    }

    /// <summary>
    /// Why one of a person's accounts must not be removed although the person is; null if it may be removed.
    /// </summary>
    public static string? Shield(LiveMember account, PersonDecision decision) =>
        account.IsVendorOwner ? "is the vendor's Owner"
        : account.IsCaller ? "is the account that Reconciler acts as"
        : account.IsService ? "is a machine account"
        : IsIgnored(account.Email, decision) || IsIgnoredId(account.PersonId, decision)
            ? "is on the provider's ignore list"
        : null;

    /// <summary>Whether the provider's manifest ignores an address.</summary>
    public static bool IsIgnored(string? email, PersonDecision decision) =>
        decision.Project.Provider.Spec.Ignore is { } ignore
        && !string.IsNullOrEmpty(email)
        && (
            Matches(ignore, EmailAddress.KeyOf(email))
            || decision.Project.Provider.Ignored.Contains(EmailAddress.KeyOf(email))
        );

    // Any address or id of the Person may be on the ignore list.
    private static bool IsIgnored(PersonCase person, PersonDecision decision) =>
        decision.Project.Provider.Spec.Ignore is not null
        && (
            IsIgnored(person.Person.Key, decision)
            || IsIgnored(person.Member?.Email ?? person.Invitation?.Email, decision)
            || IsIgnoredId(person.Member?.PersonId ?? person.Invitation?.PersonId ?? person.Person.UserId, decision)
        );

    private static bool IsIgnoredId(string? id, PersonDecision decision) =>
        id is not null
        && !decision.Project.Provider.Ignored.IsEmpty
        && decision.Project.Provider.Ignored.Contains(PersonIdentity.KeyOfId(id));

    // A method of its own, so that no closure is allocated in the usual case without an ignore list.
    private static bool Matches(IReadOnlyList<AddressPattern> ignore, string key) => ignore.Any(p => p.Matches(key));

    /// <summary>What a person is from whom nothing may be taken; null if something may.</summary>
    public static string? Protection(PersonCase person, PersonDecision decision) =>
        ProtectedAs(person, decision) is { } reason ? NotManaged.WhatOf(reason) : null;

    private static NotManagedReason? ProtectedAs(PersonCase person, PersonDecision decision)
    {
        if (person.Member?.IsVendorOwner == true)
            return NotManagedReason.VendorOwner;
        if (person.Member?.IsCaller == true || IsAtAny(person, decision.Actor))
            return NotManagedReason.Actor;
        return IsAtAny(person, decision.Protected) ? NotManagedReason.Protected : null;
    }

    // Compare the live addresses and ids as well: a person who is declared by id has no other.
    private static bool IsAtAny(PersonCase person, PersonKeys keys)
    {
        if (keys.IsEmpty)
            return false;
        if (keys.Has(person.Person.Key) || keys.HasId(person.Person.UserId))
            return true;
        foreach (var alias in person.Person.Aliases)
        {
            if (keys.Has(alias))
                return true;
        }

        foreach (var member in person.Members)
        {
            if (keys.Has(EmailAddress.KeyOf(member.Email)) || keys.HasId(member.PersonId))
                return true;
        }

        foreach (var invitation in person.Pending)
        {
            if (keys.Has(EmailAddress.KeyOf(invitation.Email)) || keys.HasId(invitation.PersonId))
                return true;
        }

        return false;
    }

    private static bool ProtectUndeclared(PersonCase person, PersonDecision decision, NotManagedReason reason)
    {
        var wouldGo =
            person.Requested is not null
            || decision.Project.Prune == PrunePolicy.All
            || (decision.Project.Prune == PrunePolicy.Owned && person.Record?.Owned == true);
        if (wouldGo)
            decision.AddFinding(
                FindingKind.Protected,
                person.Person,
                $"{NotManaged.WhyOf(reason)}, so nothing is taken away; "
                    + (person.Requested?.Reason ?? "no manifest declares the person")
            );
        else
            decision.NotManaged.Add(NotManaged.Of(person.Person, reason));
        return true;
    }

    // Equal or higher declared access is handled by the usual rows.
    private static bool ProtectDeclared(PersonCase person, PersonDecision decision, string why, DesiredMember declared)
    {
        var live = person.Member?.Access ?? person.Invitation!.Access;
        var excess = declared.Access.ExcessOf(live);
        if (excess.IsNone || Rises(decision, declared.Access, live, excess))
            return false;
        decision.AddFinding(
            FindingKind.Protected,
            person.Person,
            $"{why}, so {excess} stays; declare it, or take the protection away"
        );
        return !DeclareAsLive(person, decision, declared, live);
    }

    // What stays must not end sooner than declared, so the access that is there is declared with the declared end.
    // Returns false where that is its end already.
    private static bool DeclareAsLive(PersonCase person, PersonDecision decision, DesiredMember declared, Access live)
    {
        var words = decision.Project.Provider.Vendor.Access;
        var end = words.EndOf(declared.Access.Grants);
        if (person.Member is null || end.Equals(words.EndOf(live)))
            return false;
        person.Declared = declared with
        {
            Access = declared.Access with { Grants = live.Of(declared.Access.Fields).With(end) },
        };
        return true;
    }

    // If a vendor takes one role per person, a change replaces it. It counts as higher if it makes an administrator of
    // somebody who was none.
    private static bool Rises(PersonDecision decision, DesiredAccess declared, Access live, Access excess)
    {
        var words = decision.Project.Provider.Vendor.Access;
        return excess.Grants.All(g => words.Field(g.Field)?.Form == AccessForm.Word)
            && words.Administers(declared.Grants)
            && !words.Administers(live);
    }
}
