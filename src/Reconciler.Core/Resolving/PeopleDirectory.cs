using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>Finds Persons by name, address, login or the vendor's id.</summary>
internal sealed class PeopleDirectory
{
    private readonly ManifestSet _set;
    private readonly Problems _problems;
    private readonly ILookup<string, Person> _departed;
    private readonly Dictionary<(string Namespace, string Key), Person> _byAddress = [];
    private readonly Dictionary<string, Dictionary<string, PersonIdentity>> _identities = new(StringComparer.Ordinal);
    private readonly PersonPlaces _places;

    public PeopleDirectory(ManifestSet set, Problems problems)
    {
        (_set, _problems, _places) = (set, problems, new(set, problems));
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
    /// Returns the addresses, with every other address of the Persons of a namespace who have one of them, and with
    /// their logins and ids at one vendor.
    /// </summary>
    /// <param name="space">The namespace.</param>
    /// <param name="keys">Keys of addresses.</param>
    /// <param name="vendor">The vendor's type.</param>
    /// <param name="site">The vendor's site; null if it has none.</param>
    public ImmutableHashSet<string> Widen(string space, IEnumerable<string> keys, string vendor, string? site) =>
        Widen(space, keys, (person, place) => place == vendor || place == site || TypeOf(person, place) == vendor);

    /// <summary>
    /// Returns a connection with every address of the people whom its manifest names in actingAs and ignore, and with
    /// their logins and ids there.
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
        HashSet<string> places = [.. provider.Vendor.PlacesOf(provider.Name)];
        return provider with
        {
            Actor = Widen(provider.Namespace, provider.Actor, (_, place) => places.Contains(place)),
            Ignored = [.. persons.SelectMany(p => KeysOf(p, (_, place) => places.Contains(place)))],
        };
    }

    private ImmutableHashSet<string> Widen(string space, IEnumerable<string> keys, Func<Person, string, bool> isPlace)
    {
        var wide = keys.ToImmutableHashSet(StringComparer.Ordinal);
        if (_byAddress.Count == 0 || wide.IsEmpty)
            return wide;
        var persons = wide.Select(k => _byAddress.GetValueOrDefault((space, k)))
            .OfType<Person>()
            .Distinct()
            .ToHashSet();
        return wide.Union(persons.SelectMany(p => KeysOf(p, isPlace)));
    }

    private string? TypeOf(Person person, string place) => _set.Find<AccessProvider>(person, place)?.Spec?.Type;

    // A login or id belongs to somebody else at another vendor.
    private IEnumerable<string> KeysOf(Person person, Func<Person, string, bool> isPlace)
    {
        var identity = Identity(person);
        var ids = _places.Ids[person].Where(i => isPlace(person, i.Place)).Select(i => i.Key);
        var logins = person.Spec.Logins?.Where(l => isPlace(person, l.Key)).Select(l => l.Value.Key) ?? [];
        return identity.Aliases.Prepend(identity.Key).Concat(ids).Concat(logins);
    }

    /// <summary>Returns the people who have departed, in a namespace.</summary>
    public IEnumerable<Person> Departed(string space) => _departed[space];

    /// <summary>Returns a person's identity with the id and login at one provider.</summary>
    public static PersonIdentity At(PersonIdentity identity, Person? manifest, DesiredProvider provider)
    {
        var here =
            manifest is not null && Here(manifest.Spec.UserIds, provider) is { } id
                ? identity with
                {
                    UserId = VendorId.Normal(id, provider.Vendor.UuidIds),
                }
                : identity;
        return manifest is not null && provider.Vendor.Logins is not null && LoginAt(manifest, provider) is { } login
            ? here with
            {
                Key = login.Key,
                Email = null,
                Login = login,
                // An invitation that somebody sent to the address is the person's as well.
                Aliases = [.. identity.Aliases.Append(identity.Key).Order(StringComparer.Ordinal)],
            }
            : here;
    }

    /// <summary>A Person's login at one provider; null if the manifest states none.</summary>
    public static Login? LoginAt(Person person, DesiredProvider provider) => Here(person.Spec.Logins, provider);

    /// <summary>
    /// Returns an entry's person at one provider: with the Person who has the entry's login there, and with the login
    /// and id of that Person there.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="provider">The connection.</param>
    public TeamPerson At(TeamPerson entry, DesiredProvider provider)
    {
        if (entry is not { Identity.Login: { } login, Manifest: null } || provider.Vendor.Logins is null)
        {
            var known = At(entry.Identity, entry.Manifest, provider);
            return ReferenceEquals(known, entry.Identity) ? entry : entry with { Identity = known };
        }

        if (_places.ByLogin(provider, login) is not { } person)
            return entry.Identity.UserId is { } own
                ? entry with
                {
                    Identity = entry.Identity with { UserId = VendorId.Normal(own, provider.Vendor.UuidIds) },
                }
                : entry;
        var found = At(Identity(person), person, provider);
        if (entry.Identity.UserId is { } pin)
        {
            if (found.UserId is { } known && known != VendorId.Normal(pin, provider.Vendor.UuidIds))
                _problems.Error(
                    entry.At,
                    $"pins {login} to the id {ProblemText.Quote(pin)}, and the Person {person.Metadata.Name} has "
                        + $"{ProblemText.Quote(known)}; expected one id"
                );
            found = found with { UserId = VendorId.Normal(pin, provider.Vendor.UuidIds) };
        }

        return entry with
        {
            Identity = found,
            Manifest = person,
        };
    }

    private static T? Here<T>(IReadOnlyDictionary<string, T>? places, DesiredProvider provider)
        where T : class =>
        places is null
            ? null
            : provider
                .Vendor.PlacesOf(provider.Name)
                .Select(p => places.GetValueOrDefault(p))
                .FirstOrDefault(p => p is not null);

    /// <summary>Returns the identity with a Person's main address and aliases.</summary>
    public static PersonIdentity IdentityOf(Person person) =>
        new(person.Spec.Email.Key, person.Spec.Email)
        {
            Aliases = [.. (person.Spec.Aliases ?? []).Select(a => a.Key).Order(StringComparer.Ordinal)],
        };

    /// <summary>Checks the ids and logins in Persons: their places are known, and each belongs to one Person.</summary>
    /// <param name="vendorOf">Returns the vendor of a connection or of that name; null if there is none.</param>
    public void CheckPlaces(Func<Manifest, string, Vendor?> vendorOf) => _places.Check(vendorOf);

    /// <summary>
    /// Finds the person of a vendor's id: the Person that states it, else a person with this id alone.
    /// </summary>
    public (PersonIdentity Identity, Person? Manifest) ById(Manifest from, string id, DesiredProvider provider)
    {
        var normal = VendorId.Normal(id, provider.Vendor.UuidIds);
        return _places.ById(from.Metadata.NamespaceOrDefault, provider, normal) is { } person
            ? (Identity(person), person)
            : (new(PersonIdentity.KeyOfId(normal), null) { UserId = normal }, null);
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
