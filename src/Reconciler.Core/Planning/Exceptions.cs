using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>The rows for people whom no rule may take anything from.</summary>
internal static class Exceptions
{
    public static bool LeaveAlone(PersonCase person, Verdict verdict)
    {
        var ignore = verdict.Project.Provider.Spec.Ignore;
        var ignored = ignore is not null && ignore.Any(p => p.Matches(person.Person.Key));
        if (!ignored && person.Member?.IsService != true) return false;
        if (person.Declared is null) verdict.LeftAlone += person.Member is null && person.Invitation is null ? 0 : 1;
        else verdict.Find(FindingKind.Ignored, person.Person, $"is declared, but left alone: {(ignored ? "the provider's ignore list names the address" : "it is a machine account")}");
        return true;
    }

    public static bool Protect(PersonCase person, Verdict verdict)
    {
        var why = Protection(person, verdict);
        if (why is null || (person.Member is null && person.Invitation is null)) return false;
        return person.Declared is null ? ProtectUndeclared(person, verdict, why) : ProtectDeclared(person, verdict, why, person.Declared);
    }

    private static string? Protection(PersonCase person, Verdict verdict)
    {
        if (person.Member?.IsVendorOwner == true) return "is the vendor's Owner";
        if (verdict.Project.Provider.Spec.ActingAs is { } actor && IsAt(person, actor.Key)) return "is the account that Reconciler acts as";
        return verdict.Project.Limits.Protected.Any(p => IsAt(person, p)) ? "is protected by a Guardrail" : null;
    }

    private static bool IsAt(PersonCase person, string key) => person.Person.Key == key || person.Person.Aliases.Contains(key);

    private static bool ProtectUndeclared(PersonCase person, Verdict verdict, string why)
    {
        var wouldGo = person.Requested is not null || verdict.Project.Prune == PrunePolicy.All
            || (verdict.Project.Prune == PrunePolicy.Owned && person.Record?.Owned == true);
        if (wouldGo) verdict.Find(FindingKind.Protected, person.Person, $"{why}, so nothing is taken away; {person.Requested?.Reason ?? "no manifest declares the person"}");
        else verdict.LeftAlone++;
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
