namespace Reconciler.Core.Planning;

/// <summary>
/// The plan rows for people whose account has another address than declared, or cannot be identified. Inviting them
/// might send a second invitation, and removing them might remove somebody else.
/// </summary>
internal static class IdentityRules
{
    /// <summary>
    /// Reports unclear entries of the vendor's list. Nothing else is decided about people whom they might name.
    /// </summary>
    public static bool Unclear(PersonCase person, PersonDecision decision)
    {
        foreach (var (entry, problem) in person.Unclear)
            decision.AddFinding(FindingKind.Unclear, entry, problem);
        if (person.LoginProblem is { } login)
            decision.AddFinding(login.Kind, person.Person, login.Message);
        return person.IsUndecided;
    }

    public static bool AddressChanged(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.MovedTo is not { } moved)
            return false;
        decision.AddFinding(
            FindingKind.AddressChanged,
            person.Person,
            person.Person.Login is null
                ? $"has the address {moved.Email} at the vendor now; declare that address, "
                    + "or add it to the Person's aliases"
                : $"has the login {moved.Email} at the vendor now; declare that login"
        );
        return true;
    }

    public static bool DeclaredTwice(PersonCase person, PersonDecision decision)
    {
        if (person.Declared is null || person.DeclaredAlsoAs is not { } other)
            return false;
        decision.AddFinding(
            FindingKind.Manual,
            person.Person,
            $"is the account that {other.Label} declares too; declare the person once"
        );
        return true;
    }
}
