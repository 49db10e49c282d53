namespace Reconciler.Core.Planning;

/// <summary>The rows for declared people whose account is there, but not where the entry says: inviting them would be a second invitation.</summary>
internal static class IdentityRows
{
    public static bool AddressChanged(PersonCase person, Verdict verdict)
    {
        if (person.Declared is null || person.MovedTo is not { } moved) return false;
        verdict.Find(FindingKind.AddressChanged, person.Person, $"has the address {moved.Email} at the vendor now; declare that address, or add it to the Person's aliases");
        return true;
    }

    public static bool DeclaredTwice(PersonCase person, Verdict verdict)
    {
        if (person.Declared is null || person.DeclaredAlsoAs is not { } other) return false;
        verdict.Find(FindingKind.Manual, person.Person, $"is the account that {other.Label} declares too; declare the person once");
        return true;
    }
}
