using System.Collections.Immutable;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Finds entries of a vendor's list that cannot be matched to one person. Manifests are checked strictly, but a
/// vendor's list is not: one entry that an administrator made by hand must not stop the plan for everybody else.
/// </summary>
internal static class UnclearEntries
{
    private const string Untouched = "nobody is matched, invited or removed by it; correct it at the vendor";

    /// <summary>Why a member's entry cannot be matched; null if it can.</summary>
    /// <param name="member">The entry.</param>
    /// <param name="isKnownByIdAlone">
    /// Whether the entry has no address and needs none: a manifest or the ledger names the person by the vendor's id.
    /// </param>
    /// <param name="logins">How the vendor knows people by logins; null if it knows them by addresses.</param>
    public static string? ProblemOf(LiveMember member, bool isKnownByIdAlone, LoginRules? logins) =>
        isKnownByIdAlone ? null : ProblemOf("lists a member", member.Email, logins);

    /// <summary>Why an invitation cannot be matched; null if it can.</summary>
    /// <param name="invitation">The entry.</param>
    /// <param name="isKnownByIdAlone">
    /// Whether the entry has no address and needs none: a manifest or the ledger names the person by the vendor's id.
    /// </param>
    /// <param name="logins">How the vendor knows people by logins; null if it knows them by addresses.</param>
    public static string? ProblemOf(LiveInvitation invitation, bool isKnownByIdAlone, LoginRules? logins) =>
        isKnownByIdAlone ? null : ProblemOf("lists an invitation", invitation.Email, logins);

    /// <summary>The name of a member's entry in findings.</summary>
    public static string Name(LiveMember member) => $"member {member.MembershipId}";

    /// <summary>The name of an invitation's entry in findings.</summary>
    public static string Name(LiveInvitation invitation) => $"invitation {invitation.Id}";

    /// <summary>Marks a person as unclear, so that nothing is decided about them.</summary>
    public static void Mark(PersonCase found, string entry, string problem)
    {
        found.Unclear = found.Unclear.Add((entry, problem));
        found.IsUndecided = true;
    }

    /// <summary>
    /// Marks people with several member ids under one address, unless a manifest names the id that is meant. Second
    /// accounts under an alias have another address and do not count here.
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
    /// Marks addresses that differ only in the case of non-ASCII letters, which some vendors take for one address. The
    /// undeclared person is not removed, and the declared one is not invited.
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
    /// Marks the account of a person who moved away from the declared address: the person is neither invited nor
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

    // A vendor that knows people by logins may invite by address as well.
    private static string? ProblemOf(string what, string account, LoginRules? logins)
    {
        if (account.Length == 0)
            return $"the vendor {what} without {(logins is null ? "an address" : "a login")}: {Untouched}";
        var isLogin = logins is not null && !account.Contains('@', StringComparison.Ordinal);
        if (isLogin ? Login.IsUsable(account) : EmailAddress.IsUsable(account))
            return null;
        var why = isLogin ? Login.WhyNone(account) : EmailAddress.Explain(account) ?? "has white space at an end";
        return $"the vendor {what} under {ProblemText.Quote(account)}, which {why}: {Untouched}";
    }
}
