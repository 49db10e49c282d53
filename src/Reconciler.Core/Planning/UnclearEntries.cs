using System.Collections.Immutable;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Entries of a vendor's list that name nobody for certain. What manifests declare is checked strictly; a vendor's list
/// is read with patience: one entry that an administrator made by hand must not stop what is to happen to everybody
/// else.
/// </summary>
internal static class UnclearEntries
{
    private const string Untouched = "nobody is matched, invited or removed by it; put it right at the vendor";

    /// <summary>What keeps a member's entry from naming somebody; null where nothing does.</summary>
    /// <param name="member">The entry.</param>
    /// <param name="isKnownById">
    /// Whether a manifest or the ledger names the person by the vendor's id: they need no address.
    /// </param>
    public static string? ProblemOf(LiveMember member, bool isKnownById) =>
        member.Email.Length == 0 && isKnownById ? null : ProblemOf("lists a member", member.Email);

    /// <summary>What keeps an invitation from naming somebody; null where nothing does.</summary>
    /// <param name="invitation">The entry.</param>
    /// <param name="isKnownById">
    /// Whether a manifest or the ledger names the person by the vendor's id: they need no address.
    /// </param>
    public static string? ProblemOf(LiveInvitation invitation, bool isKnownById) =>
        invitation.Email.Length == 0 && isKnownById ? null : ProblemOf("lists an invitation", invitation.Email);

    /// <summary>A member's entry, as findings name it.</summary>
    public static string Name(LiveMember member) => $"member {member.MembershipId}";

    /// <summary>An invitation's entry, as findings name it.</summary>
    public static string Name(LiveInvitation invitation) => $"invitation {invitation.Id}";

    /// <summary>Notes what is unclear, and lets nothing be decided by it.</summary>
    public static void Mark(PersonCase found, string entry, string problem)
    {
        found.Unclear = found.Unclear.Add((entry, problem));
        found.IsUndecided = true;
    }

    /// <summary>
    /// Several member ids under one address: only an id that a manifest names tells which of them is meant. Second
    /// accounts under an alias have another address, and are none of these.
    /// </summary>
    public static void KeepApart(PersonCase found)
    {
        if (found.Members.Length < 2)
            return;
        var doubled = found
            .Members.Where(m => m.Email.Length > 0 && !m.IsService)
            .GroupBy(m => EmailAddress.KeyOf(m.Email), StringComparer.Ordinal)
            .Where(g => g.Count() > 1)
            .SelectMany(g => g)
            .ToList();
        if (doubled.Count == 0)
            return;
        var meant = found.Person.UserId is { } id ? doubled.Find(m => m.PersonId == id) : null;
        var ids = string.Join(", ", doubled.Select(m => m.MembershipId).Order(StringComparer.Ordinal));
        foreach (var member in doubled.Where(m => m != meant))
        {
            found.Unclear = found.Unclear.Add(
                (
                    Name(member),
                    $"is one of {doubled.Count} members under the address {member.Email} ({ids}): {Untouched}"
                )
            );
        }

        if (meant is null)
            found.IsUndecided = true;
        else
            found.Members = [.. found.Members.Where(m => m == meant || !doubled.Contains(m))];
    }

    /// <summary>
    /// Addresses that differ only in the case of letters beyond ASCII: some vendors take them for one, and some do not.
    /// The undeclared one stays, and the declared one is not invited beside it.
    /// </summary>
    public static void KeepApartByCase(List<PersonCase> cases, Dictionary<string, PersonCase> byKey)
    {
        if (!byKey.Keys.Any(k => !Ascii.IsValid(k)))
            return;
        var declared = byKey
            .Where(k => IsDeclared(k.Value))
            .ToLookup(k => EmailAddress.CaselessKeyOf(k.Key), k => k.Value, StringComparer.Ordinal);
        foreach (var other in cases.Where(c => !IsDeclared(c) && !Ascii.IsValid(c.Person.Key)))
        {
            if (declared[EmailAddress.CaselessKeyOf(other.Person.Key)].FirstOrDefault() is not { } near)
                continue;
            var problem =
                $"differs from {near.Person.Label} in the case of a letter beyond ASCII: {Untouched}, "
                + "or declare it as it is there";
            foreach (var entry in other.Members.Select(Name).Concat(other.Pending.Select(Name)))
                Mark(other, entry, problem);
            if (near.Members.IsEmpty && near.Pending.IsEmpty && other.IsUndecided)
                near.IsUndecided = true;
        }
    }

    /// <summary>
    /// The account of somebody who is gone from their address is an unclear entry now: they are neither invited nor
    /// forgotten.
    /// </summary>
    public static void Follow(PersonCase person, PersonCase entry, LiveMember account)
    {
        (person.IsUndecided, entry.Record) = (true, null);
        if (person.Declared is not null)
        {
            person.Unclear = person.Unclear.Add(
                (Name(account), $"is the account of {person.Person.Label}, whose address is unclear now: {Untouched}")
            );
        }
    }

    private static bool IsDeclared(PersonCase found) => found.Declared is not null || found.Requested is not null;

    private static string? ProblemOf(string what, string email)
    {
        if (email.Length == 0)
            return $"the vendor {what} without an address: {Untouched}";
        return EmailAddress.IsUsable(email)
            ? null
            : $"the vendor {what} under {ProblemText.Quote(email)}, "
                + $"which {EmailAddress.Explain(email) ?? "has white space at an end"}: {Untouched}";
    }
}
