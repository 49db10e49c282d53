using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Compares declared logins with the accounts that have them. A login can be given up and registered by somebody else,
/// so where a manifest or the ledger knows the account's id, another account under that login is never granted anything.
/// </summary>
internal static class LoginCases
{
    public static void Check(List<PersonCase> cases, LiveProject live, ProjectLedger ledger, Vendor vendor)
    {
        foreach (var person in cases)
        {
            if (person.Person.Login is { } login && (person.Declared is not null || person.Requested is not null))
                Check(person, login, live, ledger, vendor);
        }
    }

    private static void Check(PersonCase person, Login login, LiveProject live, ProjectLedger ledger, Vendor vendor)
    {
        var remembered = ledger.Of(login.Key, null);
        var known = person.Person.UserId ?? remembered?.PersonId;
        person.IsOnTrust = known is null;
        if (person.MovedTo is not null)
            return;
        if (person.Member is { } member)
            CheckAccount(member.Email, member.PersonId);
        else if (person.Invitation is { } invitation)
            CheckAccount(invitation.Email, invitation.PersonId);
        else if (live.Accounts.TryGetValue(login.Key, out var account))
            CheckAbsent(account);
        if (person.LoginProblem is null)
            return;
        person.IsUndecided = true;
        person.Record ??= remembered;

        void CheckAccount(string name, string? id)
        {
            // An invitation to the person's address names no login.
            if (name.Contains('@', StringComparison.Ordinal))
                return;
            if (EmailAddress.KeyOf(name) == login.Key)
                Compare(name, id);
            // Whoever leaves is known by the id alone.
            else if (person.Declared is not null)
                person.LoginProblem = (
                    FindingKind.AddressChanged,
                    $"has the login {name} at {vendor.Name} now; declare that login"
                );
        }

        void CheckAbsent(LiveAccount? account)
        {
            if (account is null && person.Declared is not null)
                person.LoginProblem = (
                    FindingKind.Manual,
                    $"is no login at {vendor.Name}; correct it, or delete the entry if the account is gone"
                );
            if (account is null)
                return;
            Compare(account.Login, account.Id);
            if (person.LoginProblem is null)
                person.Account = account;
        }

        void Compare(string name, string? id)
        {
            if (known is not null && id is not null && id != known)
                person.LoginProblem = (FindingKind.LoginTaken, Taken(id, person.Person.UserId is not null, known));
            else if (vendor.Logins!.CaseCounts && name != login.Text)
                person.LoginProblem = (
                    FindingKind.LoginTaken,
                    $"is {ProblemText.Quote(name)} at {vendor.Name}, which tells logins apart by the case of letters; "
                        + "declare it as it is there"
                );
        }
    }

    private static string Taken(string id, bool isPinned, string known) =>
        isPinned
            ? $"is the account {id} now, and the manifest pins the account {known}: nothing is granted or taken away; "
                + "find out who has the login, then correct the id or the login"
            : $"is the account {id} now, and was the account {known}: nothing is granted or taken away; "
                + $"find out who has the login, then pin the right account with id: \"{id}\", or delete the entry";
}
