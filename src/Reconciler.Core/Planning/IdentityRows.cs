namespace Reconciler.Core.Planning;

/// <summary>
/// The rows for people whose account is there, but not where the entry says, or whose account nobody can tell: inviting
/// them could be a second invitation, and removing somebody a wrong removal.
/// </summary>
internal static class IdentityRows
{
    /// <summary>
    /// Says what is unclear about entries of the vendor's list; nothing more is decided where nobody knows whom they
    /// name.
    /// </summary>
    public static bool Unclear(PersonCase person, Verdict verdict)
    {
        foreach (var (entry, problem) in person.Unclear)
            verdict.Find(FindingKind.Unclear, entry, problem);
        return person.IsUndecided;
    }

    public static bool AddressChanged(PersonCase person, Verdict verdict)
    {
        if (person.Declared is null || person.MovedTo is not { } moved)
            return false;
        verdict.Find(
            FindingKind.AddressChanged,
            person.Person,
            $"has the address {moved.Email} at the vendor now; declare that address, or add it to the Person's aliases"
        );
        return true;
    }

    public static bool DeclaredTwice(PersonCase person, Verdict verdict)
    {
        if (person.Declared is null || person.DeclaredAlsoAs is not { } other)
            return false;
        verdict.Find(
            FindingKind.Manual,
            person.Person,
            $"is the account that {other.Label} declares too; declare the person once"
        );
        return true;
    }
}
