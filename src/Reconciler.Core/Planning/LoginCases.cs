using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Compares declared logins with the accounts that have them. A login can be given up and registered by somebody else,
/// so where a manifest or the ledger knows the account's id, another account under that login is granted nothing.
/// </summary>
internal sealed class LoginCases(LiveProject live, ProjectLedger ledger, Vendor vendor)
{
    /// <summary>Notes what is wrong with the login of each declared person, and whose account it is.</summary>
    public void Check(List<PersonCase> cases)
    {
        foreach (var person in cases)
        {
            if (person.Person.Login is { } login && (person.Declared is not null || person.Requested is not null))
                Check(person, login);
        }
    }

    private void Check(PersonCase person, Login login)
    {
        var remembered = ledger.Of(login.Key, null);
        var known = person.Person.UserId ?? remembered?.PersonId;
        person.IsOnTrust = known is null;
        if (person.MovedTo is not null)
            return;
        person.LoginProblem = person switch
        {
            { Member: { } member } => Present(person, login, known, member.Email, member.PersonId),
            { Invitation: { } invited } => Present(person, login, known, invited.Email, invited.PersonId),
            _ => Absent(person, login, known),
        };
        if (person.LoginProblem is null)
            return;
        person.IsUndecided = true;
        person.Record ??= remembered;
    }

    private (FindingKind, string)? Present(PersonCase person, Login login, string? known, string name, string? id)
    {
        // An invitation to the person's address names no login.
        if (name.Contains('@', StringComparison.Ordinal))
            return null;
        if (EmailAddress.KeyOf(name) == login.Key)
            return Compare(person, login, known, name, id);
        // Whoever leaves is known by the id alone.
        return person.Declared is null
            ? null
            : (FindingKind.AddressChanged, $"has the login {name} at {vendor.Name} now; declare that login");
    }

    private (FindingKind, string)? Absent(PersonCase person, Login login, string? known)
    {
        if (!live.Accounts.TryGetValue(login.Key, out var account))
            return null;
        if (account is null)
            return person.Declared is null
                ? null
                : (
                    FindingKind.Manual,
                    $"is no login at {vendor.Name}; correct it, or delete the entry if the account is gone"
                );
        if (Compare(person, login, known, account.Login, account.Id) is { } problem)
            return problem;
        person.Account = account;
        return null;
    }

    private (FindingKind, string)? Compare(PersonCase person, Login login, string? known, string name, string? id)
    {
        if (known is not null && id is not null && id != known)
            return (FindingKind.LoginTaken, Taken(id, person.Person.UserId is not null, known));
        return vendor.Logins!.CaseCounts && name != login.Text
            ? (
                FindingKind.LoginTaken,
                $"is {ProblemText.Quote(name)} at {vendor.Name}, which tells logins apart by the case of letters; "
                    + "declare it as it is there"
            )
            : null;
    }

    private static string Taken(string id, bool isPinned, string known) =>
        isPinned
            ? $"is the account {id} now, and the manifest pins the account {known}: nothing is granted or taken away; "
                + "find out who has the login, then correct the id or the login"
            : $"is the account {id} now, and was the account {known}: nothing is granted or taken away; "
                + $"find out who has the login, then pin the right account with id: \"{id}\", or delete the entry";
}
