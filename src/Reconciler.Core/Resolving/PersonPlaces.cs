using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>
/// The ids and logins that Persons state, by the connections or vendors where they hold. A connection's own name comes
/// before the name of its vendor.
/// </summary>
internal sealed class PersonPlaces(ManifestSet set, Problems problems)
{
    private readonly Dictionary<(string Namespace, string Place, string Id), Person> _byUserId = [];
    private readonly Dictionary<(string Namespace, string Place, string Key), Person> _byLogin = [];
    private ILookup<Person, (string Place, string Key)>? _ids;

    /// <summary>The keys of the ids of each Person, with the places where they hold.</summary>
    public ILookup<Person, (string Place, string Key)> Ids =>
        _ids ??= _byUserId.ToLookup(i => i.Value, i => (i.Key.Place, PersonIdentity.KeyOfId(i.Key.Id)));

    /// <summary>Checks the ids and logins in Persons: their places are known, and each belongs to one Person.</summary>
    /// <param name="vendorOf">Returns the vendor of a connection or of that name; null if there is none.</param>
    public void Check(Func<Manifest, string, Vendor?> vendorOf)
    {
        foreach (var person in set.Readable<Person>().Where(p => p.Spec is not null))
        {
            foreach (var (entry, vendor) in PlacesIn(person, "userIds", vendorOf))
                CheckUserId(person, entry, vendor);
            foreach (var (entry, vendor) in PlacesIn(person, "logins", vendorOf))
                CheckLogin(person, entry, vendor);
        }
    }

    private IEnumerable<(MappingEntry Entry, Vendor Vendor)> PlacesIn(
        Person person,
        string field,
        Func<Manifest, string, Vendor?> vendorOf
    )
    {
        if (person.Spec.Origin[field] is not MappingNode places)
            yield break;
        foreach (var entry in places.Entries)
        {
            var vendor = vendorOf(person, entry.Name);
            if (vendor is not null)
                yield return (entry, vendor);
            else if (
                !set.IsBroken<AccessProvider>(person, entry.Name)
                && set.Find<AccessProvider>(person, entry.Name) is null
            )
            {
                var free = set.Names<AccessProvider>(person).Where(n => places[n] is null);
                problems.MissingReference(
                    entry.Key,
                    $"no AccessProvider is named {ProblemText.Quote(entry.Name)}"
                        + ProblemText.DidYouMean(entry.Name, free)
                );
            }
        }
    }

    /// <summary>The Person who has an id at a connection; null if no manifest says so.</summary>
    public Person? ById(string space, DesiredProvider provider, string id) =>
        provider
            .Vendor.PlacesOf(provider.Name)
            .Select(p => _byUserId.GetValueOrDefault((space, p, id)))
            .FirstOrDefault(p => p is not null);

    /// <summary>The Person who has a login at a connection; null if no manifest says so.</summary>
    public Person? ByLogin(DesiredProvider provider, Login login) =>
        provider
            .Vendor.PlacesOf(provider.Name)
            .Select(p => _byLogin.GetValueOrDefault((provider.Namespace, p, login.Key)))
            .FirstOrDefault(p => p is not null);

    private void CheckUserId(Person person, MappingEntry entry, Vendor vendor)
    {
        if (person.Spec.UserIds?.GetValueOrDefault(entry.Name) is not { } id)
            return;
        if (VendorId.Problem(id, vendor.UuidIds) is { } problem)
            problems.Error(entry.Value, problem);
        var key = (person.Metadata.NamespaceOrDefault, entry.Name, VendorId.Normal(id, vendor.UuidIds));
        if (_byUserId.TryAdd(key, person))
            return;
        var other = _byUserId[key];
        problems.Error(
            entry.Value,
            $"{ProblemText.Quote(id)} belongs to the Person {other.Metadata.Name} too, "
                + $"at {other.Metadata.Origin.Position}; expected each id in one Person"
        );
    }

    private void CheckLogin(Person person, MappingEntry entry, Vendor vendor)
    {
        if (person.Spec.Logins?.GetValueOrDefault(entry.Name) is not { } login)
            return;
        if (vendor.Logins is null)
        {
            problems.Error(
                entry.Key,
                $"is a login, and {vendor.Name} knows people by addresses; expected no login for it"
            );
            return;
        }

        var key = (person.Metadata.NamespaceOrDefault, entry.Name, login.Key);
        if (_byLogin.TryAdd(key, person))
            return;
        var other = _byLogin[key];
        problems.Error(
            entry.Value,
            $"{login} belongs to the Person {other.Metadata.Name} too, at {other.Metadata.Origin.Position}; "
                + "expected each login in one Person"
        );
    }
}
