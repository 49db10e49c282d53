using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Sorts the declared and the live people of a project into cases, one a person. An account belongs to a declared person by the
/// vendor's id that a manifest states, else by address, else by alias; each account belongs to one person only.
/// </summary>
internal sealed class CaseBuilder
{
    private readonly Dictionary<string, PersonCase> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonCase> _byUserId = new(StringComparer.Ordinal);
    private readonly List<PersonCase> _cases = [];

    public static List<PersonCase> Build(DesiredProject desired, LiveProject live, ProjectLedger ledger)
    {
        var builder = new CaseBuilder();
        foreach (var member in desired.Members) builder.Declare(member.Person).Declared = member;
        foreach (var removal in desired.Removals) builder.Declare(removal.Person).Requested ??= removal;
        foreach (var member in live.Members) builder.Place(member);
        foreach (var invitation in live.Invitations) builder.Place(invitation);
        foreach (var found in builder._cases) Finish(found, ledger);
        if (!ledger.People.IsEmpty) builder.FollowMoves();
        return builder._cases;
    }

    // A declared address that is gone while the account remembered for it lives under another address: one person, who moved.
    private void FollowMoves()
    {
        var undeclared = new Dictionary<string, PersonCase>(StringComparer.Ordinal);
        foreach (var other in _cases.Where(c => c is { Declared: null, Requested: null, Member.PersonId: not null })) undeclared.TryAdd(other.Member!.PersonId!, other);
        foreach (var person in _cases.Where(c => c is { Declared: not null, Member: null, Invitation: null, Record.PersonId: not null }).ToList())
        {
            if (!undeclared.TryGetValue(person.Record!.PersonId!, out var moved)) continue;
            person.MovedTo = moved.Member;
            _cases.Remove(moved);
        }
    }

    private PersonCase Declare(PersonIdentity person)
    {
        if (_byKey.TryGetValue(person.Key, out var known)) return known;
        var made = new PersonCase(person);
        _cases.Add(made);
        _byKey[person.Key] = made;
        foreach (var alias in person.Aliases) _byKey.TryAdd(alias, made);
        if (person.UserId is not null) _byUserId.TryAdd(person.UserId, made);
        return made;
    }

    private void Place(LiveMember member)
    {
        var found = CaseOf(member.Email, member.PersonId, member.MembershipId);
        found.Members = found.Members.Add(member);
    }

    private void Place(LiveInvitation invitation)
    {
        var found = CaseOf(invitation.Email, invitation.PersonId, invitation.Id);
        if (invitation.State == InvitationState.Declined) found.DeclinedInvitation = invitation;
        else found.Pending = found.Pending.Add(invitation);
    }

    private PersonCase CaseOf(string email, string? personId, string otherwise)
    {
        if (personId is not null && _byUserId.TryGetValue(personId, out var byId)) return byId;
        var key = email.Length > 0 ? EmailAddress.KeyOf(email) : $"id:{personId ?? otherwise}";
        if (_byKey.TryGetValue(key, out var known)) return known;
        var undeclared = new PersonCase(new(key, EmailAddress.Parse(email)));
        _cases.Add(undeclared);
        _byKey[key] = undeclared;
        return undeclared;
    }

    private static void Finish(PersonCase found, ProjectLedger ledger)
    {
        if (found.Members.Length > 1) found.Members = [.. found.Members.OrderBy(m => Rank(found, m.Email)).ThenBy(m => m.MembershipId, StringComparer.Ordinal)];
        if (found.Pending.Length > 1) found.Pending = [.. found.Pending.OrderByDescending(i => i.CreatedAt).ThenBy(i => i.Id, StringComparer.Ordinal)];
        if (ledger.People.IsEmpty) return;
        found.Record = ledger.Of(found.Person.Key, found.Member?.PersonId ?? found.Invitation?.PersonId ?? found.Person.UserId)
            ?? found.Person.Aliases.Select(a => ledger.Of(a, null)).FirstOrDefault(r => r is not null);
    }

    // The account with the declared address counts; the others are second accounts.
    private static int Rank(PersonCase found, string email) => EmailAddress.KeyOf(email) == found.Person.Key ? 0 : 1;
}
