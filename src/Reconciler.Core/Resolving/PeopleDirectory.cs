using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Finds Persons by name, address or the vendor's id.</summary>
internal sealed class PeopleDirectory
{
    private readonly ManifestSet _set;
    private readonly Problems _problems;
    private readonly ILookup<string, Person> _departed;
    private readonly Dictionary<(string Namespace, string Key), Person> _byAddress = [];
    private readonly Dictionary<string, Dictionary<string, PersonIdentity>> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Provider, string Id), Person> _byUserId = [];
    private ILookup<Person, string>? _idsOf;

    public PeopleDirectory(ManifestSet set, Problems problems)
    {
        (_set, _problems) = (set, problems);
        _departed = set.All<Person>()
            .Where(p => p.Spec.Departed == true)
            .ToLookup(p => p.Metadata.NamespaceOrDefault, StringComparer.Ordinal);
        // A Person without an address was already reported.
        foreach (var person in set.Readable<Person>().Where(p => p.Spec?.Email is not null))
        {
            Register(person, person.Spec.Email, person.Spec.Origin.At("email"));
            foreach (var (alias, index) in (person.Spec.Aliases ?? []).Select((a, i) => (a, i)))
            {
                Register(person, alias, AliasAt(person, alias, index));
            }
        }
    }

    /// <summary>
    /// Finds the person of an address: the Person with that main address, else a person with this address alone.
    /// </summary>
    public (PersonIdentity Identity, Person? Manifest) ByEmail(Manifest from, EmailAddress email, FieldPlace at)
    {
        var space = from.Metadata.NamespaceOrDefault;
        if (_byAddress.Count > 0 && _byAddress.TryGetValue((space, email.Key), out var person))
        {
            if (!person.Spec.Email.Equals(email))
                _problems.Error(
                    at.Node,
                    $"{email} is an alias of the Person {person.Metadata.Name}; "
                        + $"expected person: {person.Metadata.Name}, or its address {person.Spec.Email}"
                );
            return (Identity(person), person);
        }

        ref var identity = ref CollectionsMarshal.GetValueRefOrAddDefault(IdentitiesOf(space), email.Key, out _);
        return (identity ??= new(email.Key, email), null);
    }

    /// <summary>Finds a Person by name; if there is none, reports a problem and returns null.</summary>
    public (PersonIdentity Identity, Person Manifest)? ByName(Manifest from, string name, FieldPlace at)
    {
        if (_set.Find<Person>(from, name) is { } person)
            return (Identity(person), person);
        if (!_set.IsBroken<Person>(from, name))
            _problems.MissingReference(
                at.Node,
                $"no Person is named {ProblemText.Quote(name)}{ProblemText.DidYouMean(name, _set.Names<Person>(from))}"
            );
        return null;
    }

    /// <summary>
    /// Returns the addresses, with every other address and id of the Persons of a namespace who have one of them.
    /// </summary>
    /// <param name="space">The namespace.</param>
    /// <param name="keys">Keys of addresses.</param>
    public ImmutableHashSet<string> Widen(string space, IEnumerable<string> keys)
    {
        var wide = keys.ToImmutableHashSet(StringComparer.Ordinal);
        if (_byAddress.Count == 0 || wide.IsEmpty)
            return wide;
        var persons = wide.Select(k => _byAddress.GetValueOrDefault((space, k)))
            .OfType<Person>()
            .Distinct()
            .ToHashSet();
        return wide.Union(persons.SelectMany(KeysOf));
    }

    /// <summary>
    /// Returns a connection with every address and id of the people whom its manifest names in actingAs and ignore.
    /// </summary>
    /// <param name="provider">The connection.</param>
    public DesiredProvider Widen(DesiredProvider provider)
    {
        if (_byAddress.Count == 0)
            return provider;
        var persons = provider.Spec.Ignore is not { } ignore
            ? []
            : _byAddress
                .Where(p => p.Key.Namespace == provider.Namespace && ignore.Any(i => i.Matches(p.Key.Key)))
                .Select(p => p.Value)
                .ToHashSet();
        return provider with
        {
            Actor = Widen(provider.Namespace, provider.Actor),
            Ignored = [.. persons.SelectMany(KeysOf)],
        };
    }

    // An id may belong to somebody else at another provider. Then it only protects that person from removal.
    private IEnumerable<string> KeysOf(Person person)
    {
        var identity = Identity(person);
        _idsOf ??= _byUserId.ToLookup(i => i.Value, i => PersonIdentity.KeyOfId(i.Key.Id));
        return identity.Aliases.Prepend(identity.Key).Concat(_idsOf[person]);
    }

    /// <summary>Returns the people who have departed, in a namespace.</summary>
    public IEnumerable<Person> Departed(string space) => _departed[space];

    /// <summary>Returns a person's identity with the id at one provider.</summary>
    public static PersonIdentity At(PersonIdentity identity, Person? manifest, DesiredProvider provider) =>
        manifest?.Spec.UserIds?.GetValueOrDefault(provider.Name) is { } id
            ? identity with
            {
                UserId = VendorId.Normal(id, provider.Vendor.UuidIds),
            }
            : identity;

    /// <summary>Returns the identity with a Person's main address and aliases.</summary>
    public static PersonIdentity IdentityOf(Person person) =>
        new(person.Spec.Email.Key, person.Spec.Email)
        {
            Aliases = [.. (person.Spec.Aliases ?? []).Select(a => a.Key).Order(StringComparer.Ordinal)],
        };

    /// <summary>
    /// Finds the person of a vendor's id: the Person that states it, else a person with this id alone.
    /// </summary>
    public (PersonIdentity Identity, Person? Manifest) ById(Manifest from, string id, DesiredProvider provider)
    {
        var normal = VendorId.Normal(id, provider.Vendor.UuidIds);
        return _byUserId.TryGetValue((from.Metadata.NamespaceOrDefault, provider.Name, normal), out var person)
            ? (Identity(person), person)
            : (new(PersonIdentity.KeyOfId(normal), null) { UserId = normal }, null);
    }

    /// <summary>Checks that the ids in Persons have the form of the vendor's ids.</summary>
    public void CheckUserIds(Func<Manifest, string, Vendor?> vendorOf)
    {
        foreach (var person in _set.Readable<Person>())
        {
            if (person.Spec?.Origin["userIds"] is not MappingNode ids)
                continue;
            foreach (var entry in ids.Entries)
            {
                var vendor = vendorOf(person, entry.Name);
                if (
                    vendor is null
                    && !_set.IsBroken<AccessProvider>(person, entry.Name)
                    && _set.Find<AccessProvider>(person, entry.Name) is null
                )
                {
                    var free = _set.Names<AccessProvider>(person).Where(n => ids[n] is null);
                    _problems.MissingReference(
                        entry.Key,
                        $"no AccessProvider is named {ProblemText.Quote(entry.Name)}"
                            + ProblemText.DidYouMean(entry.Name, free)
                    );
                }
                else if (vendor is not null)
                    CheckUserId(person, entry, vendor);
            }
        }
    }

    // Invalid aliases are missing in the list, so indices in the text may be higher.
    private static Node AliasAt(Person person, EmailAddress alias, int index)
    {
        var items = ((SequenceNode)person.Spec.Origin["aliases"]!).Items;
        return items
                .Skip(index)
                .FirstOrDefault(i => i is ScalarNode scalar && EmailAddress.Parse(scalar.Text)?.Text == alias.Text)
            ?? items[index];
    }

    private void CheckUserId(Person person, MappingEntry entry, Vendor vendor)
    {
        if (person.Spec.UserIds?.GetValueOrDefault(entry.Name) is not { } id)
            return;
        if (VendorId.Problem(id, vendor.UuidIds) is { } problem)
            _problems.Error(entry.Value, problem);
        var key = (person.Metadata.NamespaceOrDefault, entry.Name, VendorId.Normal(id, vendor.UuidIds));
        if (_byUserId.TryAdd(key, person))
            return;
        var other = _byUserId[key];
        _problems.Error(
            entry.Value,
            $"{ProblemText.Quote(id)} belongs to the Person {other.Metadata.Name} too, "
                + $"at {other.Metadata.Origin.Position}; expected each id in one Person"
        );
    }

    private PersonIdentity Identity(Person person)
    {
        var identities = IdentitiesOf(person.Metadata.NamespaceOrDefault);
        ref var identity = ref CollectionsMarshal.GetValueRefOrAddDefault(identities, person.Spec.Email.Key, out _);
        return identity ??= IdentityOf(person);
    }

    private Dictionary<string, PersonIdentity> IdentitiesOf(string space)
    {
        ref var identities = ref CollectionsMarshal.GetValueRefOrAddDefault(_identities, space, out _);
        return identities ??= new(StringComparer.Ordinal);
    }

    private void Register(Person person, EmailAddress address, Node at)
    {
        var key = (person.Metadata.NamespaceOrDefault, address.Key);
        if (_byAddress.TryAdd(key, person))
            return;
        var other = _byAddress[key];
        _problems.Error(
            at,
            ReferenceEquals(other, person)
                ? $"{address} stands twice in this Person; expected each address once"
                : $"{address} belongs to the Person {other.Metadata.Name} too, at {other.Metadata.Origin.Position}; "
                    + "expected each address in one Person"
        );
    }
}
