using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;

namespace Reconciler.Core.Offboarding;

/// <summary>A person who is leaving, with every address and id that the manifests know.</summary>
public sealed class OffboardingSubject
{
    private readonly EmailAddress _email;
    private readonly ImmutableSortedSet<string> _keys;
    private readonly Dictionary<string, DesiredProvider> _connections;

    private OffboardingSubject(
        EmailAddress email,
        ImmutableArray<Person> persons,
        IEnumerable<DesiredProvider> connections
    )
    {
        (_email, Persons) = (email, persons);
        _connections = connections.ToDictionary(c => c.Id, StringComparer.Ordinal);
        _keys =
        [
            .. persons
                .Select(PeopleDirectory.IdentityOf)
                .SelectMany(p => p.Aliases.Prepend(p.Key))
                .Append(email.Key)
                .ToImmutableSortedSet(StringComparer.Ordinal),
        ];
    }

    /// <summary>The Persons with the address, as their main address or as an alias.</summary>
    public ImmutableArray<Person> Persons { get; }

    /// <summary>The address that was given.</summary>
    public string Email => _email.Text;

    /// <summary>The keys of their other addresses.</summary>
    public IEnumerable<string> OtherAddresses => _keys.Where(k => k != _email.Key);

    /// <summary>The keys of all their addresses.</summary>
    public IEnumerable<string> Addresses => _keys;

    /// <summary>Returns the known addresses that are similar to the one that was given.</summary>
    /// <param name="known">Addresses that manifests, vendors or the state name.</param>
    public ImmutableArray<string> Near(IEnumerable<string> known) =>
        NearAddresses.Of(_email, known.Where(k => !_keys.Contains(EmailAddress.KeyOf(k))));

    /// <summary>The person's names in the manifests, for people to read.</summary>
    public OffboardingNames Names => new(Email, [.. OtherAddresses], [.. Persons.Select(p => p.Id)]);

    /// <summary>Finds the person of an address.</summary>
    /// <param name="email">The address.</param>
    /// <param name="manifests">The manifests, whose Persons may know more addresses, logins and ids.</param>
    /// <param name="connections">The connections, which tell where a login or id of a Person holds.</param>
    public static OffboardingSubject Of(
        EmailAddress email,
        ManifestSet manifests,
        IEnumerable<DesiredProvider> connections
    )
    {
        ArgumentNullException.ThrowIfNull(email);
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(connections);
        return new(
            email,
            [
                .. manifests
                    .All<Person>()
                    .Where(p => p.Spec.Email.Equals(email) || (p.Spec.Aliases ?? []).Contains(email)),
            ],
            connections
        );
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
            Removals = [new(At(project.Provider), $"offboarding {Email}", Position.None)],
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
            || m.Person.Key == here.Key
            || (here.UserId is not null && here.UserId == m.Person.UserId)
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

    private PersonIdentity At(DesiredProvider provider)
    {
        var person = Persons.FirstOrDefault(p => p.Metadata.NamespaceOrDefault == provider.Namespace);
        var main = (person ?? Persons.FirstOrDefault())?.Spec.Email ?? _email;
        return PeopleDirectory.At(
            new(main.Key, main) { Aliases = [.. _keys.Where(k => k != main.Key)] },
            person,
            provider
        );
    }

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
        login is not null && In(from).Any(p => (p.Spec.Logins?.Values ?? []).Contains(login));

    private bool IsLogin(DesiredProvider provider, string? key) =>
        key is not null && At(provider).Login is { } login && login.Key == key;

    private bool IsId(DesiredProvider provider, string? id) =>
        id is not null && At(provider).UserId is { } known && IsSame(known, id);

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

/// <summary>The names of a person who is leaving.</summary>
/// <param name="Email">The address that was given.</param>
/// <param name="OtherAddresses">The keys of their other addresses.</param>
/// <param name="Persons">The Persons that have one of them, with their namespaces.</param>
public sealed record OffboardingNames(
    string Email,
    ImmutableArray<string> OtherAddresses,
    ImmutableArray<string> Persons
);

/// <summary>The kind of line that names a person.</summary>
public enum MentionKind
{
    /// <summary>A member of a ProjectMembership.</summary>
    Member,

    /// <summary>A member of a Team.</summary>
    TeamMember,

    /// <summary>A Person.</summary>
    Person,

    /// <summary>A Person who has departed.</summary>
    DepartedPerson,
}

/// <summary>A line that names a person.</summary>
/// <param name="At">The place.</param>
/// <param name="Kind">The kind of line.</param>
/// <param name="Name">The name of the document: the ProjectMembership's, the Team's or the Person's.</param>
public sealed record ManifestReference(Position At, MentionKind Kind, string Name);
