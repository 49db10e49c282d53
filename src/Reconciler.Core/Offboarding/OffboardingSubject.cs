using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;

namespace Reconciler.Core.Offboarding;

/// <summary>A person who is asked for, with every address, login and id that the manifests know.</summary>
public sealed class OffboardingSubject
{
    private readonly NamedPerson _name;
    private readonly ImmutableSortedSet<string> _keys;
    private readonly Dictionary<string, DesiredProvider> _connections;

    // The connections where the login holds that was given; none where an address was.
    private readonly ImmutableHashSet<string> _named;

    private OffboardingSubject(
        NamedPerson name,
        ImmutableArray<Person> persons,
        IEnumerable<DesiredProvider> connections,
        IEnumerable<DesiredProvider> named
    )
    {
        (_name, Persons, _named) = (name, persons, [.. named.Select(c => c.Id)]);
        _connections = connections.ToDictionary(c => c.Id, StringComparer.Ordinal);
        _keys = persons
            .Select(PeopleDirectory.IdentityOf)
            .SelectMany(p => p.Aliases.Prepend(p.Key))
            .Concat(name.Email is { } email ? [email.Key] : [])
            .ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>The Persons with the address, as their main address or as an alias; or with the login.</summary>
    public ImmutableArray<Person> Persons { get; }

    /// <summary>The keys of their other addresses.</summary>
    public IEnumerable<string> OtherAddresses => _keys.Where(k => k != _name.Email?.Key);

    /// <summary>The keys of all their addresses, and of their logins at every connection.</summary>
    public IEnumerable<string> Keys =>
        _keys.Concat(_connections.Values.Select(LoginAt).OfType<string>()).Distinct(StringComparer.Ordinal);

    /// <summary>Returns the known addresses, or logins, that are similar to the one that was given.</summary>
    /// <param name="known">Addresses and logins that manifests, vendors or the state name.</param>
    public ImmutableArray<string> Near(IEnumerable<string> known)
    {
        var others = known.Where(k => !_keys.Contains(EmailAddress.KeyOf(k)));
        return _name.Email is { } email ? NearAddresses.Of(email, others) : NearAddresses.Of(_name.Login!, others);
    }

    /// <summary>The person's names in the manifests, for people to read.</summary>
    public OffboardingNames Names => new(_name.Text, [.. OtherAddresses], [.. Persons.Select(p => p.Id)]);

    /// <summary>Finds the person of an address or a login.</summary>
    /// <param name="name">The address or login.</param>
    /// <param name="manifests">The manifests, whose Persons may know more addresses, logins and ids.</param>
    /// <param name="connections">The connections, which tell where a login or id of a Person holds.</param>
    public static OffboardingSubject Of(
        NamedPerson name,
        ManifestSet manifests,
        IReadOnlyCollection<DesiredProvider> connections
    )
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(connections);
        var named = Places(name, connections).ToList();
        return new(
            name,
            [
                .. manifests
                    .All<Person>()
                    .Where(p =>
                        name.Email is { } email
                            ? p.Spec.Email.Equals(email) || (p.Spec.Aliases ?? []).Contains(email)
                            : named.Any(c =>
                                c.Namespace == p.Metadata.NamespaceOrDefault && HasLogin(p, name.Login!, c)
                            )
                    ),
            ],
            connections,
            named
        );
    }

    /// <summary>
    /// Why a login's place is none: no connection to a vendor that knows people by logins has the name, or leads to
    /// such a vendor or site. Null where it is one, or an address was given.
    /// </summary>
    /// <param name="name">The address or login.</param>
    /// <param name="connections">The connections.</param>
    public static string? ProblemOfPlace(NamedPerson name, IReadOnlyCollection<DesiredProvider> connections)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(connections);
        if (name.Place is not { } place || Places(name, connections).Any())
            return null;
        var known = connections
            .Where(c => c.Vendor.Logins is not null)
            .SelectMany(c => c.Vendor.PlacesOf(c.Name))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        return $"{ProblemText.Quote(place)} is no connection, vendor or site whose people have logins; "
            + (known.Count == 0 ? "no manifest connects to one" : $"expected one of {string.Join(", ", known)}");
    }

    /// <summary>Whether the person may be at a connection: a login without a Person holds at its place alone.</summary>
    /// <param name="provider">The connection.</param>
    public bool MayBeAt(DesiredProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return !_keys.IsEmpty || _named.Contains(provider.Id);
    }

    /// <summary>The keys under which records of a project may name the person.</summary>
    /// <param name="project">The project.</param>
    public IEnumerable<string> KeysIn(ProjectKey project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return _keys.Concat(
            _connections
                .Values.Where(c => c.Vendor.Type == project.VendorType && c.BaseUrl.AbsoluteUri == project.BaseUrl)
                .Select(LoginAt)
                .OfType<string>()
        );
    }

    /// <summary>Whether an entry of the audit trail is about the person.</summary>
    /// <param name="entry">The entry.</param>
    public bool IsIn(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return KeysIn(entry.Project).Contains(EmailAddress.KeyOf(entry.Person), StringComparer.Ordinal);
    }

    /// <summary>Whether an account or an entry in a project is the person's.</summary>
    /// <param name="provider">The project's connection.</param>
    /// <param name="key">The key of the person in the project.</param>
    /// <param name="account">The address at the vendor; empty if there is none.</param>
    /// <param name="id">The vendor's id of the person; null if there is none.</param>
    public bool Is(DesiredProvider provider, string key, string account, string? id)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return _keys.Contains(key)
            || (account.Length > 0 && _keys.Contains(EmailAddress.KeyOf(account)))
            || IsLogin(provider, key)
            || (account.Length > 0 && IsLogin(provider, EmailAddress.KeyOf(account)))
            || IsId(provider, id);
    }

    /// <summary>
    /// Returns a project that asks only for the person's removal. Its limits apply, and nobody else is changed.
    /// </summary>
    /// <param name="project">The project, declared or not.</param>
    public DesiredProject LeavingFrom(DesiredProject project)
    {
        ArgumentNullException.ThrowIfNull(project);
        return project with
        {
            Members = [],
            Removals = At(project.Provider) is { } person
                ? [new(person, $"offboarding {_name.Text}", Position.None)]
                : [],
            Prune = PrunePolicy.Never,
            OnlyRemovals = true,
        };
    }

    /// <summary>
    /// Whether the manifests declare the person in a project, so that the person would be invited again.
    /// </summary>
    /// <param name="project">The project.</param>
    public bool IsDeclaredIn(DesiredProject project)
    {
        ArgumentNullException.ThrowIfNull(project);
        var here = At(project.Provider);
        return project.Members.Any(m =>
            _keys.Contains(m.Person.Key)
            || m.Person.Key == here?.Key
            || (here?.UserId is not null && here.UserId == m.Person.UserId)
        );
    }

    /// <summary>
    /// Finds every line that names the person, to be deleted so that no later reconcile invites them again.
    /// </summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="found">
    /// The vendors' ids under which the person was found, by the ids of connections; an entry may name one.
    /// </param>
    public ImmutableArray<ManifestReference> ReferencesIn(ManifestSet manifests, ILookup<string, string> found)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(found);
        var entries = manifests
            .All<ProjectMembership>()
            .SelectMany(p =>
                (p.Spec.Members ?? [])
                    .Where(e => IsNamed(p, e, _connections.GetValueOrDefault(ConnectionOf(p))) || IsFound(p, e, found))
                    .Select(e => new ManifestReference(e.Origin.Position, MentionKind.Member, p.Metadata.Name))
            );
        var teams = manifests
            .All<Team>()
            .SelectMany(t =>
                t.Spec.Members.Where(e => IsNamed(t, e))
                    .Select(e => new ManifestReference(e.Origin.Position, MentionKind.TeamMember, t.Metadata.Name))
            );
        var persons = Persons.Select(p => new ManifestReference(
            p.Metadata.Origin.At("name").Position,
            p.Spec.Departed == true ? MentionKind.DepartedPerson : MentionKind.Person,
            p.Metadata.Name
        ));
        return [.. entries.Concat(teams).Concat(persons).OrderBy(m => m.At).ThenBy(m => m.Kind)];
    }

    // Null where nothing says who the person is at that connection.
    private PersonIdentity? At(DesiredProvider provider)
    {
        var person = Persons.FirstOrDefault(p => p.Metadata.NamespaceOrDefault == provider.Namespace);
        if (((person ?? Persons.FirstOrDefault())?.Spec.Email ?? _name.Email) is not { } main)
            return _named.Contains(provider.Id) ? new(_name.Login!.Key, null) { Login = _name.Login } : null;
        return PeopleDirectory.At(
            new(main.Key, main) { Aliases = [.. _keys.Where(k => k != main.Key)] },
            person,
            provider
        );
    }

    private string? LoginAt(DesiredProvider provider) => At(provider)?.Login?.Key;

    private static IEnumerable<DesiredProvider> Places(
        NamedPerson name,
        IReadOnlyCollection<DesiredProvider> connections
    ) => connections.Where(c => c.Vendor.Logins is not null && c.Vendor.PlacesOf(c.Name).Contains(name.Place));

    private static bool HasLogin(Person person, Login login, DesiredProvider provider) =>
        PeopleDirectory.At(PeopleDirectory.IdentityOf(person), person, provider).Login?.Key == login.Key;

    /// <summary>Whether an entry of a project names the person.</summary>
    /// <param name="from">The project's document.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="provider">The project's connection; null if it is not known.</param>
    internal bool IsNamed(ProjectMembership from, MemberEntry entry, DesiredProvider? provider) =>
        IsNamed(from, entry.Email, entry.Person)
        || (provider is null ? HasLogin(from, entry.Login) : IsLogin(provider, entry.Login?.Key))
        || (provider is not null && IsId(provider, entry.UserId ?? entry.Id));

    /// <summary>Whether an entry of a team names the person: which login holds depends on who uses the team.</summary>
    /// <param name="from">The team.</param>
    /// <param name="entry">The entry.</param>
    internal bool IsNamed(Team from, TeamEntry entry) =>
        IsNamed(from, entry.Email, entry.Person) || HasLogin(from, entry.Login);

    private bool IsNamed(Manifest from, EmailAddress? email, string? person) =>
        (email is not null && _keys.Contains(email.Key))
        || (person is not null && In(from).Any(p => p.Metadata.Name == person));

    private bool HasLogin(Manifest from, Login? login) =>
        login is not null
        && (login.Equals(_name.Login) || In(from).Any(p => (p.Spec.Logins?.Values ?? []).Contains(login)));

    private bool IsLogin(DesiredProvider provider, string? key) => key is not null && LoginAt(provider) == key;

    private bool IsId(DesiredProvider provider, string? id) =>
        id is not null && At(provider)?.UserId is { } known && IsSame(known, id);

    private static bool IsFound(ProjectMembership from, MemberEntry entry, ILookup<string, string> found) =>
        (entry.UserId ?? entry.Id) is { } id && found[ConnectionOf(from)].Any(known => IsSame(known, id));

    private static string ConnectionOf(ProjectMembership from) =>
        $"{from.Metadata.NamespaceOrDefault}/{from.Spec.Provider}";

    private IEnumerable<Person> In(Manifest from) =>
        Persons.Where(p => p.Metadata.NamespaceOrDefault == from.Metadata.NamespaceOrDefault);

    // The case of a UUID does not matter.
    private static bool IsSame(string left, string right) =>
        left == right || (Guid.TryParse(left, out var a) && Guid.TryParse(right, out var b) && a == b);
}
