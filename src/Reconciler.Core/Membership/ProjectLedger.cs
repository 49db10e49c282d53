using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Membership;

/// <summary>What kind of record says who was granted access by Reconciler.</summary>
public enum OwnershipSource
{
    /// <summary>None: nobody is judged as owned, and nothing is sent again.</summary>
    None,

    /// <summary>An earlier revision of the manifests: whoever it declared is owned. It remembers no mails.</summary>
    Baseline,

    /// <summary>A ledger that every apply wrote.</summary>
    Ledger,
}

/// <summary>What an earlier pass saw of a person last.</summary>
public enum PersonState
{
    /// <summary>Owned, and nothing more is known.</summary>
    Known,

    /// <summary>Invited by us.</summary>
    Invited,

    /// <summary>A member.</summary>
    Member,

    /// <summary>Invited by us, never accepted, and given up.</summary>
    GaveUp,
}

/// <summary>What the vendor does not remember of a person in a project.</summary>
/// <param name="Email">The address, as last written.</param>
public sealed record PersonRecord(string Email)
{
    /// <summary>The vendor's id of the person, from first sight; it outlives a change of address.</summary>
    public string? PersonId { get; init; }

    /// <summary>Whether the person's access was granted by Reconciler, or was found as declared.</summary>
    public bool Owned { get; init; }

    /// <summary>What was seen last.</summary>
    public PersonState State { get; init; }

    /// <summary>When the first mail of the present invitation was sent; null where none was.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>When the last mail was sent; null where none was.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How many mails were sent after the first.</summary>
    public int Resends { get; init; }

    /// <summary>The access that was last asked for; a person who was given up is invited again once it changes.</summary>
    public Access? Asked { get; init; }
}

/// <summary>What is remembered of one project.</summary>
/// <param name="Source">What kind of record it is.</param>
/// <param name="People">The people, in any order; no two share an address or an id.</param>
public sealed record ProjectLedger(OwnershipSource Source, ImmutableArray<PersonRecord> People)
{
    private readonly Dictionary<string, PersonRecord> _byEmail = Index(People, p => EmailAddress.KeyOf(p.Email));
    private readonly Dictionary<string, PersonRecord> _byId = Index(People.Where(p => p.PersonId is not null), p => p.PersonId!);

    /// <summary>The people, in any order; no two share an address or an id.</summary>
    public ImmutableArray<PersonRecord> People
    {
        get;
        init
        {
            // A copy made by "with" takes over every field, so the indexes are made anew with the people.
            field = value;
            _byEmail = Index(value, p => EmailAddress.KeyOf(p.Email));
            _byId = Index(value.Where(p => p.PersonId is not null), p => p.PersonId!);
        }
    } = People;

    /// <summary>No record.</summary>
    public static ProjectLedger None { get; } = new(OwnershipSource.None, []);

    /// <summary>A ledger in which nothing stands yet.</summary>
    public static ProjectLedger Empty { get; } = new(OwnershipSource.Ledger, []);

    /// <summary>How many members the last trusted pass saw; null where none is remembered.</summary>
    public int? TrustedCount { get; init; }

    /// <summary>A record that makes owned whoever an earlier revision declared.</summary>
    /// <param name="project">The project in that revision; null where it was not declared.</param>
    public static ProjectLedger FromBaseline(DesiredProject? project)
    {
        var people = new Dictionary<string, PersonRecord>(StringComparer.Ordinal);
        // Entries that have expired since were granted all the same: whoever deletes such a line must not make the access nobody's.
        foreach (var person in (project?.Members ?? []).Select(m => m.Person).Concat((project?.Removals ?? []).Select(r => r.Person)))
        {
            people[person.Key] = new(person.Key) { Owned = true, PersonId = person.UserId };
            foreach (var alias in person.Aliases) people.TryAdd(alias, new(alias) { Owned = true });
        }

        return new(OwnershipSource.Baseline, [.. people.Values.OrderBy(p => p.Email, StringComparer.Ordinal)]);
    }

    /// <summary>What is remembered of an account: by its id, else by its address, unless that address had another id.</summary>
    /// <param name="emailKey">The key of its address.</param>
    /// <param name="personId">The vendor's id of it; null where it is not known.</param>
    public PersonRecord? Of(string emailKey, string? personId)
    {
        if (personId is not null && _byId.TryGetValue(personId, out var byId)) return byId;
        var byEmail = _byEmail.GetValueOrDefault(emailKey);
        return byEmail?.PersonId is null || personId is null || byEmail.PersonId == personId ? byEmail : null;
    }

    private static Dictionary<string, PersonRecord> Index(IEnumerable<PersonRecord> people, Func<PersonRecord, string> key)
    {
        var index = new Dictionary<string, PersonRecord>(StringComparer.Ordinal);
        foreach (var person in people) index.TryAdd(key(person), person);
        return index;
    }
}
