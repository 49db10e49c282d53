using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Sorts the declared and the live people of a project into cases, one per person. An account is matched to a declared
/// person by the vendor's id in a manifest, else by address or login, else by alias. Each account belongs to one person
/// only.
/// </summary>
internal sealed class CaseBuilder(int people, ProjectLedger ledger, LoginRules? logins)
{
    private readonly Dictionary<string, PersonCase> _byKey = new(people, StringComparer.Ordinal);
    private readonly Dictionary<string, PersonCase> _byUserId = new(StringComparer.Ordinal);
    private readonly List<PersonCase> _cases = new(people);

    public static List<PersonCase> Build(DesiredProject desired, LiveProject live, ProjectLedger ledger)
    {
        var builder = new CaseBuilder(
            Math.Max(desired.Members.Length, live.Members.Length),
            ledger,
            desired.Provider.Vendor.Logins
        );
        foreach (var member in desired.Members)
            builder.Declare(member.Person).Declared = member;
        foreach (var removal in desired.Removals)
            builder.Declare(removal.Person).Requested ??= removal;
        if (builder._byUserId.Count > 0)
            builder.LearnAddresses(live.Members);
        foreach (var member in live.Members)
            builder.Place(member);
        foreach (var invitation in live.Invitations)
            builder.Place(invitation);
        foreach (var key in live.Addable)
        {
            if (builder._byKey.TryGetValue(key, out var addable))
                addable.IsAddable = true;
        }

        foreach (var key in live.Machines)
        {
            if (builder._byKey.TryGetValue(key, out var machine))
                machine.IsMachine = true;
        }

        foreach (var found in builder._cases)
            UnclearEntries.KeepApart(found);
        UnclearEntries.KeepApartByCase(builder._cases, builder._byKey);
        foreach (var found in builder._cases)
            builder.Finish(found);
        if (!ledger.People.IsEmpty)
            builder.FollowMoves();
        if (desired.Provider.Vendor.Logins is not null)
            new LoginCases(live, ledger, desired.Provider.Vendor).Check(builder._cases);
        if (desired.Provider.Vendor.Access.End is not null)
            builder.KeepEnds(desired);
        return builder._cases;
    }

    // Here, so that the plan and the records judge protected people by the same end.
    private void KeepEnds(DesiredProject desired)
    {
        var decision = new PersonDecision(desired, ledger, DateTimeOffset.MinValue);
        foreach (var found in _cases)
            Exceptions.KeepEnd(found, decision);
    }

    // The declared address is gone, but the account on record for it lives under another address: it is the same
    // person, who moved. If the other address is declared as well, the account belongs to that entry, and this address
    // is free.
    private void FollowMoves()
    {
        var gone = _cases
            .Where(c =>
                c is { Member: null, Record.PersonId: not null } && (c.Declared ?? (object?)c.Requested) is not null
            )
            .ToList();
        if (gone.Count == 0)
            return;
        var accounts = new Dictionary<string, (PersonCase Case, LiveMember Member)>(StringComparer.Ordinal);
        foreach (var other in _cases)
        {
            foreach (var member in other.Members.Where(m => m.PersonId is not null))
                accounts.TryAdd(member.PersonId!, (other, member));
        }

        var merged = new HashSet<PersonCase>();
        foreach (var person in gone)
        {
            if (!accounts.TryGetValue(person.Record!.PersonId!, out var found) || found.Case == person)
                continue;
            var (other, account) = found;
            if (other.IsUndecided)
                UnclearEntries.Follow(person, other, account);
            else if (other.Declared is not null || other.Requested is not null || !merged.Add(other))
                person.Record = null;
            else
                Merge(person, other);
        }

        if (merged.Count > 0)
            _cases.RemoveAll(merged.Contains);
    }

    private static void Merge(PersonCase person, PersonCase moved)
    {
        if (person.Declared is not null)
        {
            person.MovedTo = moved.Member;
            return;
        }

        person.Members = moved.Members;
        person.Pending = person.Pending.AddRange(moved.Pending);
    }

    private PersonCase Declare(PersonIdentity person)
    {
        if (_byKey.TryGetValue(person.Key, out var known))
            return known;
        var made = new PersonCase(person);
        _cases.Add(made);
        _byKey[person.Key] = made;
        foreach (var alias in person.Aliases)
            _byKey.TryAdd(alias, made);
        if (person.UserId is not null)
            _byUserId.TryAdd(person.UserId, made);
        return made;
    }

    // An invitation to the address of an account that is declared by id belongs to the same person, so it is a leftover
    // and not a stranger's.
    private void LearnAddresses(ImmutableArray<LiveMember> members)
    {
        foreach (var member in members.Where(m => m.Email.Length > 0 && m.PersonId is not null))
        {
            if (_byUserId.TryGetValue(member.PersonId!, out var person))
                _byKey.TryAdd(EmailAddress.KeyOf(member.Email), person);
        }
    }

    private void Place(LiveMember member)
    {
        var problem = member.IsService
            ? null
            : UnclearEntries.ProblemOf(member, IsKnownByIdAlone(member.Email, member.PersonId), logins);
        var found = problem is null
            ? CaseOf(member.Email, member.PersonId, member.MembershipId)
            : Unclear(UnclearEntries.Name(member), member.Email, member.PersonId);
        found.Members = found.Members.Add(member);
        if (problem is not null)
            UnclearEntries.Mark(found, UnclearEntries.Name(member), problem);
    }

    private void Place(LiveInvitation invitation)
    {
        var problem = UnclearEntries.ProblemOf(
            invitation,
            IsKnownByIdAlone(invitation.Email, invitation.PersonId),
            logins
        );
        var found = problem is null
            ? CaseOf(invitation.Email, invitation.PersonId, invitation.Id)
            : Unclear(UnclearEntries.Name(invitation), invitation.Email, invitation.PersonId);
        if (problem is not null)
            UnclearEntries.Mark(found, UnclearEntries.Name(invitation), problem);
        if (invitation.State == InvitationState.Pending)
            found.Pending = found.Pending.Add(invitation);
        else if (invitation.State == InvitationState.Declined)
            found.DeclinedInvitation = Newer(found.DeclinedInvitation, invitation);
        else
            found.ExpiredInvitation = Newer(found.ExpiredInvitation, invitation);
    }

    private static LiveInvitation Newer(LiveInvitation? known, LiveInvitation other) =>
        known is null || known.CreatedAt < other.CreatedAt ? other : known;

    // People who were added by the vendor's id need no address, even after their entry is deleted. An entry that has an
    // address is known by the address.
    private bool IsKnownByIdAlone(string email, string? id) =>
        email.Length == 0
        && id is not null
        && (
            _byUserId.ContainsKey(id)
            || ledger.Of(PersonIdentity.KeyOfId(id), id) is { Owned: true, Email: var known }
                && !known.Contains('@', StringComparison.Ordinal)
        );

    private PersonCase CaseOf(string email, string? personId, string otherwise)
    {
        var key = email.Length > 0 ? EmailAddress.KeyOf(email) : $"id:{personId ?? otherwise}";
        if (personId is not null && _byUserId.TryGetValue(personId, out var byId))
            return ByIdOrAddress(byId, key);
        if (_byKey.TryGetValue(key, out var known))
            return known;
        var undeclared = new PersonCase(Undeclared(key, email));
        _cases.Add(undeclared);
        _byKey[key] = undeclared;
        return undeclared;
    }

    // The entry matches nobody, unless a manifest names its id: then nothing is decided about that person.
    private PersonCase Unclear(string entry, string email, string? personId)
    {
        if (personId is not null && _byUserId.TryGetValue(personId, out var byId))
            return byId;
        var made = new PersonCase(new($"entry:{entry}", null) { Unclear = email.Length > 0 ? email : entry });
        _cases.Add(made);
        return made;
    }

    // Match by id before address, unless the id only asks for a removal: then the entry with the address keeps the
    // account.
    private PersonCase ByIdOrAddress(PersonCase byId, string key)
    {
        if (!_byKey.TryGetValue(key, out var byKey) || byKey == byId || byKey.Declared is null)
            return byId;
        // A login may have passed to the one who leaves, so that there the id says whose account it is.
        if (byId.Declared is null)
            return logins is null ? byKey : byId;
        byKey.DeclaredAlsoAs = byId.Person;
        return byId;
    }

    private void Finish(PersonCase found)
    {
        if (found.Members.Length > 1)
            found.Members =
            [
                .. found.Members.OrderBy(m => Rank(found, m.Email)).ThenBy(m => m.MembershipId, StringComparer.Ordinal),
            ];
        if (found.Pending.Length > 1)
            found.Pending =
            [
                .. found.Pending.OrderByDescending(i => i.CreatedAt).ThenBy(i => i.Id, StringComparer.Ordinal),
            ];
        if (found is { Declared: null, Requested: null } && found.Members.Length + found.Pending.Length > 1)
            Rename(found);
        if (ledger.People.IsEmpty)
            return;
        found.Record =
            ledger.Of(found.Person.Key, found.Member?.PersonId ?? found.Invitation?.PersonId ?? found.Person.UserId)
            ?? found.Person.Aliases.Select(a => ledger.Of(a, null)).FirstOrDefault(r => r is not null);
    }

    // The spelling of an address may differ between pages: show the first account's.
    private void Rename(PersonCase found) =>
        found.Person = Undeclared(found.Person.Key, found.Member?.Email ?? found.Invitation!.Email);

    private PersonIdentity Undeclared(string key, string account) =>
        new(key, EmailAddress.Existing(account)) { Login = logins is null ? null : Login.Parse(account) };

    // The account with the declared address comes first; the others are second accounts.
    private static int Rank(PersonCase found, string email) => EmailAddress.KeyOf(email) == found.Person.Key ? 0 : 1;
}
