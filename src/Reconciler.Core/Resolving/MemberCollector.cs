using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Combines the entries of one project into one desired member per person.</summary>
internal sealed class MemberCollector(
    DesiredProvider provider,
    DateTimeOffset now,
    RuleCheck rule,
    PeopleDirectory people,
    int entries,
    Problems problems
)
{
    private readonly Dictionary<string, DesiredMember> _members = new(entries, StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset At, RequestedRemoval Removal)> _expired = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, RequestedRemoval> _departed = new(StringComparer.Ordinal);

    // When the last of a person's entries ends; null if one never does. Only where the vendor is told.
    private readonly Dictionary<string, DateTimeOffset?> _ends = new(StringComparer.Ordinal);

    private readonly Dictionary<string, PersonIdentity> _caseless = new(StringComparer.Ordinal);

    /// <summary>The Persons that the entries name.</summary>
    public HashSet<Person> Persons { get; } = [];

    public void Add(TeamPerson written, DesiredAccess? access, MemberEntry declared)
    {
        var entry = people.At(written, provider);
        if (entry.Manifest is not null)
            Persons.Add(entry.Manifest);
        if (entry.Manifest?.Spec.Departed == true)
            return;
        var person = entry.Identity;
        if (!IsNamedAsTheVendorDoes(person, entry.At))
            return;
        if (entry.ExpiresAt is { } expiry && expiry.At <= now)
        {
            if (access is not null)
                Expire(person, expiry, entry.At.Position);
            return;
        }

        CheckCase(person, entry.At);
        if (rule.HasRules)
        {
            // A field that is present but invalid was already reported, so it must not be reported as missing.
            var end = entry.ExpiresAt?.At ?? (IsPresent("expiresAt", entry, declared) ? now : null);
            rule.Check(
                person,
                access?.Grants,
                end,
                entry.Reason ?? (IsPresent("reason", entry, declared) ? "" : null),
                entry.At
            );
        }

        if (access is null)
            return;
        var fresh = new DesiredMember(
            person,
            access,
            entry.At == declared.Origin ? [declared.Origin.Position] : [declared.Origin.Position, entry.At.Position]
        )
        {
            ExpiresAt = entry.ExpiresAt?.At,
            Reason = entry.Reason,
        };
        ref var member = ref CollectionsMarshal.GetValueRefOrAddDefault(_members, person.Key, out var isKnown);
        member = member is null ? fresh : Combine(member, fresh, declared.Origin);
        if (provider.Vendor.Access.End is not null)
            _ends[person.Key] = isKnown ? Later(_ends[person.Key], fresh.ExpiresAt) : fresh.ExpiresAt;
    }

    private bool IsNamedAsTheVendorDoes(PersonIdentity person, Node at)
    {
        var vendor = provider.Vendor;
        if (
            person.Login is not null == vendor.Logins is not null
            || (person.Account is null && person.UserId is not null)
        )
            return true;
        problems.Error(
            at,
            vendor.Logins is null
                ? $"names {person.Login} by a login, and {vendor.Name} knows people by addresses; "
                    + "expected email, or person with the name of a Person"
                : $"names {person.Label} by an address, and {vendor.Name} knows people by logins; "
                    + $"expected login, or a Person with the address and logins: {{{provider.Name}: …}}"
        );
        return false;
    }

    private static bool IsPresent(string field, TeamPerson entry, MemberEntry declared) =>
        declared.Origin.Has(field) || (entry.At as MappingNode)?.Has(field) == true;

    // Vendors disagree on whether these are one address, so it would be a guess whom the second one removes or invites.
    private void CheckCase(PersonIdentity person, Node at)
    {
        if (Ascii.IsValid(person.Key) || _caseless.TryAdd(EmailAddress.CaselessKeyOf(person.Key), person))
            return;
        var other = _caseless[EmailAddress.CaselessKeyOf(person.Key)];
        if (other.Key == person.Key)
            return;
        problems.Error(
            at,
            $"{person.Label} differs from {other.Label} only in the case of a letter beyond ASCII; "
                + "expected one spelling"
        );
    }

    // The entry that expires last gives the reason, whatever the order of the entries.
    private void Expire(PersonIdentity person, Expiry expiry, Position at)
    {
        if (
            _expired.TryGetValue(person.Key, out var other)
            && (other.At, at).CompareTo((expiry.At, other.Removal.Declared)) >= 0
        )
            return;
        _expired[person.Key] = (expiry.At, new(person, $"expired on {expiry.Text}", at));
    }

    public void Depart(Person person)
    {
        Persons.Add(person);
        var (identity, _) = people.ByEmail(person, person.Spec.Email, new(person.Spec.Origin, null));
        var here = PeopleDirectory.At(identity, person, provider);
        _departed[here.Key] = new(
            here,
            $"the Person {person.Metadata.Name} has departed",
            person.Spec.Origin.At("departed").Position
        );
    }

    public ImmutableArray<DesiredMember> Members()
    {
        var members = new DesiredMember[_members.Count];
        _members.Values.CopyTo(members, 0);
        var words = provider.Vendor.Access;
        for (var i = 0; words.End is not null && i < members.Length; i++)
            members[i] = members[i] with { Access = words.WithEnd(members[i].Access, _ends[members[i].Person.Key]) };
        Array.Sort(members, (a, b) => string.CompareOrdinal(a.Person.Key, b.Person.Key));
        return ImmutableCollectionsMarshal.AsImmutableArray(members);
    }

    public ImmutableArray<RequestedRemoval> Removals() =>
        [
            .. _expired
                .Values.Select(e => e.Removal)
                .Where(r => !_members.ContainsKey(r.Person.Key) && !_departed.ContainsKey(r.Person.Key))
                .Concat(_departed.Values)
                .OrderBy(r => r.Person.Key, StringComparer.Ordinal),
        ];

    // Two entries give the union of their access; a field that takes one word must agree.
    private DesiredMember Combine(DesiredMember first, DesiredMember second, Node at)
    {
        foreach (var field in provider.Vendor.Access.Fields.Where(f => f.Form == AccessForm.Word))
        {
            var here = second.Access.Grants.Words(field.Name).FirstOrDefault();
            var there = first.Access.Grants.Words(field.Name).FirstOrDefault();
            if (here is null || there is null || here == there)
                continue;
            problems.Error(
                at,
                $"gives {second.Person.Label} the {field.Name} {ProblemText.Quote(here)}, "
                    + $"and {first.Declared[0]} gives {ProblemText.Quote(there)}; expected one, "
                    + $"since {provider.Vendor.Name} takes one {field.Name} per person"
            );
        }

        if (first.Person.UserId is { } pin && second.Person.UserId is { } other && pin != other)
            problems.Error(
                at,
                $"pins {second.Person.Label} to the id {ProblemText.Quote(other)}, and {first.Declared[0]} pins it to "
                    + $"{ProblemText.Quote(pin)}; expected one id"
            );
        if (provider.Vendor.Logins?.CaseCounts == true && first.Person.Login?.Text != second.Person.Login?.Text)
            problems.Error(
                at,
                $"names {second.Person.Label}, and {first.Declared[0]} names {first.Person.Label}, which are two people "
                    + $"at {provider.Vendor.Name}; expected one spelling"
            );
        return first with
        {
            // One entry's pin holds for all of them.
            Person = first.Person.UserId is null ? first.Person with { UserId = second.Person.UserId } : first.Person,
            Access = first.Access.With(second.Access),
            Declared = [.. first.Declared.Concat(second.Declared).Distinct().Order()],
            ExpiresAt = Earlier(first.ExpiresAt, second.ExpiresAt),
            Reason = Together(first.Reason, second.Reason),
        };
    }

    private static string? Together(string? left, string? right) =>
        left is null || right is null
            ? left ?? right
            : string.Join(
                "; ",
                left.Split("; ")
                    .Concat(right.Split("; "))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
            );

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null ? right
        : right is null ? left
        : left < right ? left
        : right;

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right is null ? null
        : left < right ? right
        : left;
}
