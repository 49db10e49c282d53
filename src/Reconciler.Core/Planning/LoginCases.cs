using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>What is wrong with a declared login, such as that somebody else has it now.</summary>
/// <param name="Kind">The kind of finding.</param>
/// <param name="Message">What it means and what can be done.</param>
internal sealed record LoginProblem(FindingKind Kind, string Message);

/// <summary>
/// Compares declared logins with the accounts that have them. A login can be given up and registered by somebody else,
/// so where a manifest or the ledger knows the account's id, another account under that login is granted nothing, and
/// that account is nobody else's.
/// </summary>
internal sealed class LoginCases(LiveProject live, ProjectLedger ledger, Vendor vendor)
{
    private readonly Dictionary<string, LiveAccount?> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonCase> _owners = new(StringComparer.Ordinal);

    /// <summary>Notes what is wrong with the login of each declared person, and whose account it is.</summary>
    public void Check(List<PersonCase> cases)
    {
        FindHolders();
        var people = cases.Where(c => c.Person.Login is not null && IsNamed(c)).ToList();
        // What a manifest pins goes before what the ledger remembers.
        foreach (var person in people.Where(p => p.Person.UserId is not null))
            _owners.TryAdd(person.Person.UserId!, person);
        foreach (var person in people)
        {
            if (Known(person) is { } id)
                _owners.TryAdd(id, person);
        }

        foreach (var person in people)
            Check(person, person.Person.Login!);
        foreach (var other in cases.Where(c => !IsNamed(c) && !c.IsUndecided))
            KeepFor(other);
    }

    private static bool IsNamed(PersonCase person) => person.Declared is not null || person.Requested is not null;

    private string? Known(PersonCase person) =>
        person.Person.UserId ?? ledger.Of(person.Person.Login!.Key, null)?.PersonId;

    // Who has a login now: the project's lists say so, else the account that was looked up.
    private void FindHolders()
    {
        foreach (var member in live.Members)
            Hold(member.Email, member.PersonId);
        foreach (var invitation in live.Invitations.Where(i => i.State == InvitationState.Pending))
            Hold(invitation.Email, invitation.PersonId);
        foreach (var (key, account) in live.Accounts)
            _holders.TryAdd(key, account);
    }

    private void Hold(string name, string? id)
    {
        // An invitation to an address names no login.
        if (id is not null && name.Length > 0 && !name.Contains('@', StringComparison.Ordinal))
            _holders.TryAdd(EmailAddress.KeyOf(name), new(id, name));
    }

    private void Check(PersonCase person, Login login)
    {
        var known = Known(person);
        person.IsOnTrust = known is null;
        if (person.MovedTo is not null)
            return;
        person.LoginProblem = Moved(person, login) ?? Held(person, login, known);
        if (person.LoginProblem is null)
            return;
        person.IsUndecided = true;
        person.Record ??= ledger.Of(login.Key, null);
    }

    // Somebody who leaves is known by the id alone.
    private LoginProblem? Moved(PersonCase person, Login login) =>
        person is { Declared: not null, Member.Email: { Length: > 0 } name }
        && !name.Contains('@', StringComparison.Ordinal)
        && EmailAddress.KeyOf(name) != login.Key
            ? new(FindingKind.AddressChanged, $"has the login {name} at {vendor.Name} now; declare that login")
            : null;

    private LoginProblem? Held(PersonCase person, Login login, string? known)
    {
        if (!_holders.TryGetValue(login.Key, out var holder))
            return null;
        if (holder is null)
            return person.Declared is null
                ? null
                : new(
                    FindingKind.Manual,
                    $"is no login at {vendor.Name}; correct it, or delete the entry if the account is gone"
                );
        // Somebody who departs under another login is removed all the same.
        if (person is { Declared: null, Member.PersonId: { } own } && own == known)
            return null;
        if (known is not null && holder.Id != known)
            return new(FindingKind.LoginTaken, Taken(holder.Id, person.Person.UserId is not null, known));
        if (_owners.GetValueOrDefault(holder.Id) is { } owner && owner != person)
            return new(
                FindingKind.LoginTaken,
                $"is the account {holder.Id} now, which is the one of {owner.Person.Label}: "
                    + "nothing is granted or taken away; correct the login that was changed"
            );
        if (vendor.Logins!.CaseCounts && holder.Login != login.Text)
            return new(
                FindingKind.LoginTaken,
                $"is {ProblemText.Quote(holder.Login)} at {vendor.Name}, which tells logins apart by the case of "
                    + "letters; declare it as it is there"
            );
        if (person.Member is null && person.Invitation is null)
            person.Account = holder;
        return null;
    }

    // The account of somebody declared, under a login that nothing declares: it is kept, whatever prune says.
    private void KeepFor(PersonCase other)
    {
        var ids = other.Members.Select(m => m.PersonId).Concat(other.Pending.Select(i => i.PersonId));
        var owner = ids.OfType<string>().Select(i => _owners.GetValueOrDefault(i)).FirstOrDefault(o => o is not null);
        if (owner?.Declared is null)
            return;
        other.LoginProblem = new(
            FindingKind.AddressChanged,
            $"is the account of {owner.Person.Label}, which has another login now; declare that login"
        );
        (other.IsUndecided, other.Record) = (true, null);
    }

    private static string Taken(string id, bool isPinned, string known) =>
        isPinned
            ? $"is the account {id} now, and the manifest pins the account {known}: nothing is granted or taken away; "
                + "find out who has the login, then correct the id or the login"
            : $"is the account {id} now, and was the account {known}: nothing is granted or taken away; "
                + $"find out who has the login, then pin the right account with id: \"{id}\", or delete the entry";
}
