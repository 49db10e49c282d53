using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>The rows for people whom no rule may take anything from.</summary>
internal static class Exceptions
{
    public static bool LeaveAlone(PersonCase person, Verdict verdict)
    {
        if (WhyLeftAlone(person, verdict) is not { } why) return false;
        var present = person.Member is not null || person.Invitation is not null;
        if (person.Declared is not null) verdict.Find(FindingKind.Ignored, person.Person, $"is declared, but left alone: {why}");
        else if (person.Requested is not null && present) verdict.Find(FindingKind.Ignored, person.Person, $"{person.Requested.Reason}, but left alone: {why}");
        else if (present) verdict.LeftAlone.Add(person.Person.Key);
        return true;
    }

    /// <summary>Why a person is left alone, declared or not; null where the person is not.</summary>
    public static string? WhyLeftAlone(PersonCase person, Verdict verdict)
    {
        if (IsIgnored(person.Person.Key, verdict) || IsIgnored(person.Member?.Email ?? person.Invitation?.Email, verdict)) return "the provider's ignore list names the address";
        return person.Member?.IsService == true ? "it is a machine account" : null;
    }

    public static bool Protect(PersonCase person, Verdict verdict)
    {
        var why = Protection(person, verdict);
        if (why is null || (person.Member is null && person.Invitation is null)) return false;
        return person.Declared is null ? ProtectUndeclared(person, verdict, why) : ProtectDeclared(person, verdict, why, person.Declared);
    }

    /// <summary>Why one account of several stays though its person goes; null where it does not.</summary>
    public static string? Shield(LiveMember account, Verdict verdict) =>
        account.IsVendorOwner ? "is the vendor's Owner"
        : account.IsService ? "is a machine account"
        : IsIgnored(account.Email, verdict) ? "is on the provider's ignore list" : null;

    /// <summary>Whether the provider's manifest says to leave an address alone.</summary>
    public static bool IsIgnored(string? email, Verdict verdict) =>
        verdict.Project.Provider.Spec.Ignore is { } ignore && email is not null && Matches(ignore, EmailAddress.KeyOf(email));

    // Apart, so that the usual case without a list costs nothing.
    private static bool Matches(IReadOnlyList<AddressPattern> ignore, string key) => ignore.Any(p => p.Matches(key));

    /// <summary>Why nothing may be taken from a person; null where it may.</summary>
    public static string? Protection(PersonCase person, Verdict verdict)
    {
        if (person.Member?.IsVendorOwner == true) return "is the vendor's Owner";
        if (verdict.Project.Provider.Spec.ActingAs is { } actor && IsAt(person, actor.Key)) return "is the account that Reconciler acts as";
        return IsShielded(person, verdict.Project.Limits.Protected) ? "is protected by a Guardrail" : null;
    }

    private static bool IsShielded(PersonCase person, ImmutableHashSet<string> shielded) => !shielded.IsEmpty && IsAtAny(person, shielded);

    private static bool IsAtAny(PersonCase person, ImmutableHashSet<string> keys) => keys.Any(key => IsAt(person, key));

    // The live addresses too: somebody declared by id has no other.
    private static bool IsAt(PersonCase person, string key)
    {
        if (person.Person.Key == key || person.Person.Aliases.Contains(key)) return true;
        foreach (var member in person.Members)
        {
            if (EmailAddress.KeyOf(member.Email) == key) return true;
        }

        foreach (var invitation in person.Pending)
        {
            if (EmailAddress.KeyOf(invitation.Email) == key) return true;
        }

        return false;
    }

    private static bool ProtectUndeclared(PersonCase person, Verdict verdict, string why)
    {
        var wouldGo = person.Requested is not null || verdict.Project.Prune == PrunePolicy.All
            || (verdict.Project.Prune == PrunePolicy.Owned && person.Record?.Owned == true);
        if (wouldGo) verdict.Find(FindingKind.Protected, person.Person, $"{why}, so nothing is taken away; {person.Requested?.Reason ?? "no manifest declares the person"}");
        else verdict.LeftAlone.Add(person.Person.Key);
        return true;
    }

    // An equal or a rising declaration goes through the usual rows.
    private static bool ProtectDeclared(PersonCase person, Verdict verdict, string why, DesiredMember declared)
    {
        var live = person.Member?.Access ?? person.Invitation!.Access;
        var excess = declared.Access.ExcessOf(live);
        if (excess.IsNone || Rises(verdict, declared.Access, live, excess)) return false;
        verdict.Find(FindingKind.Protected, person.Person, $"{why}, so {excess} stays; declare it, or take the protection away");
        return true;
    }

    // Where a vendor takes one role, another role replaces it: upwards when it makes an administrator of somebody who was none.
    private static bool Rises(Verdict verdict, DesiredAccess declared, Access live, Access excess)
    {
        var words = verdict.Project.Provider.Vendor.Access;
        return excess.Grants.All(g => words.Field(g.Field)?.Form == AccessForm.Word) && words.Administers(declared.Grants) && !words.Administers(live);
    }
}
