using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>The source that says whom Reconciler granted access.</summary>
public enum OwnershipSource
{
    /// <summary>No source: nobody counts as owned, and nothing is sent again.</summary>
    None,

    /// <summary>
    /// An earlier revision of the manifests: the people that it declares are owned. It knows nothing about mails.
    /// </summary>
    Baseline,

    /// <summary>A ledger that every apply has updated.</summary>
    Ledger,
}

/// <summary>
/// Where a project was declared when it was last applied, with its deletion policy, limits and labels.
/// </summary>
/// <param name="Scope">
/// The scope of the manifests that were read, as text. Only a reading of all of them can show that the document was
/// deleted.
/// </param>
/// <param name="Document">The document's namespace and name.</param>
/// <param name="ProjectId">The vendor's id of the project, as declared.</param>
/// <param name="DeletionPolicy">What deleting the document does.</param>
/// <param name="Limits">
/// The limits of the manifests' Guardrails in the last complete apply, without holds and omissions. They also judge the
/// next change, and the project's deletion. Null if there was no such apply.
/// </param>
public sealed record LastApplied(
    string Scope,
    string Document,
    string ProjectId,
    DeletionPolicy DeletionPolicy,
    Limits? Limits
)
{
    /// <summary>The labels of the document in that apply, by which the runner's Guardrails selected it.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = DesiredProject.NoLabels;

    /// <summary>
    /// The words that counted as administrator in the last apply that nothing held, each with its field; default if
    /// there was none that kept them.
    /// </summary>
    public ImmutableArray<string> Administrators { get; init; }

    /// <inheritdoc/>
    public bool Equals(LastApplied? other) =>
        other is not null
        && Scope == other.Scope
        && Document == other.Document
        && ProjectId == other.ProjectId
        && DeletionPolicy == other.DeletionPolicy
        && Equals(Limits, other.Limits)
        && Labels.SequenceEqual(other.Labels)
        && Administrators.IsDefault == other.Administrators.IsDefault
        && (Administrators.IsDefault || Administrators.SequenceEqual(other.Administrators, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Scope, Document, ProjectId, DeletionPolicy, Limits, Labels.Count);
}

/// <summary>
/// The state of one project that cannot be read from the vendor: who is owned, mails that were sent, open writes.
/// </summary>
/// <param name="Source">What kind of record it is.</param>
/// <param name="People">The people, in any order; no two share an address or an id.</param>
public sealed record ProjectLedger(OwnershipSource Source, ImmutableArray<PersonRecord> People)
{
    private Index? _index;

    /// <summary>The people, in any order; no two share an address or an id.</summary>
    public ImmutableArray<PersonRecord> People
    {
        get;
        init
        {
            // A copy made with "with" takes over every field, so the index is rebuilt when the people are set.
            field =
                value;
            _index = null;
        }
    } = People;

    /// <summary>A ledger of a project of which no record exists.</summary>
    public static ProjectLedger None { get; } = new(OwnershipSource.None, []);

    /// <summary>An empty ledger.</summary>
    public static ProjectLedger Empty { get; } = new(OwnershipSource.Ledger, []);

    /// <summary>How many members the last trusted reading showed; null if there was none.</summary>
    public int? TrustedCount { get; init; }

    /// <summary>Writes that were about to be sent and whose outcome is not recorded.</summary>
    public ImmutableArray<WriteIntent> Intents { get; init; } = [];

    /// <summary>Recent writes that the vendor confirmed and that no reading has shown yet, the oldest first.</summary>
    public ImmutableArray<WriteIntent> Believed { get; init; } = [];

    /// <summary>Where it was last declared; null if it was never applied.</summary>
    public LastApplied? Applied { get; init; }

    /// <summary>Digests of holds whose approval is used up, the newest last.</summary>
    public ImmutableArray<string> Released { get; init; } = [];

    /// <summary>Lessons from the vendor's answers in this project, the newest last.</summary>
    public ImmutableArray<Lesson> Lessons { get; init; } = [];

    /// <summary>
    /// Lessons from other projects that hold for the whole account. Collected for each reconcile; not stored here.
    /// </summary>
    public ImmutableArray<Lesson> AccountLessons { get; init; } = [];

    /// <summary>Makes a ledger in which everybody whom an earlier revision declared is owned.</summary>
    /// <param name="project">The project in that revision; null if it was not declared.</param>
    public static ProjectLedger FromBaseline(DesiredProject? project)
    {
        var people = new Dictionary<string, PersonRecord>(StringComparer.Ordinal);
        // Entries that have expired since were granted as well. Without them, deleting an expired line would make the
        // access unowned.
        foreach (
            var person in (project?.Members ?? [])
                .Select(m => m.Person)
                .Concat((project?.Removals ?? []).Select(r => r.Person))
        )
        {
            people[person.Key] = new(person.Key) { Owned = true, PersonId = person.UserId };
            foreach (var alias in person.Aliases)
                people.TryAdd(alias, new(alias) { Owned = true });
        }

        return new(OwnershipSource.Baseline, [.. people.Values.OrderBy(p => p.Email, StringComparer.Ordinal)])
        {
            Applied = project is null
                ? null
                : new("", project.Id, project.ProjectId, project.DeletionPolicy, project.DeclaredLimits)
                {
                    Labels = project.Labels,
                },
        };
    }

    /// <summary>
    /// Returns this ledger with one record per address, by the current comparison of addresses; older files may hold
    /// two spellings of one address. The record with the vendor's id wins, and the person is owned if either record
    /// says so.
    /// </summary>
    public ProjectLedger Rekeyed()
    {
        var byKey = new Dictionary<string, PersonRecord>(People.Length, StringComparer.Ordinal);
        var ofOthers = new List<PersonRecord>();
        foreach (var person in People)
        {
            var key = EmailAddress.KeyOf(person.Email);
            if (byKey.TryAdd(key, person))
                continue;
            if (person.PersonId is null || byKey[key].PersonId is null || person.PersonId == byKey[key].PersonId)
                byKey[key] = One(byKey[key], person);
            // Two ids are two people: the address has passed from one to the other.
            else
                ofOthers.Add(person);
        }

        var isSame = byKey.Count + ofOthers.Count == People.Length;
        var rekeyed = isSame
            ? this
            : this with
            {
                People = [.. byKey.Values.Concat(ofOthers).OrderBy(p => p.Email, StringComparer.Ordinal)],
            };
        if (Intents.Any(i => i.PersonKey != KeyOf(i)))
            rekeyed = rekeyed with { Intents = [.. Intents.Select(i => i with { PersonKey = KeyOf(i) })] };
        return rekeyed.Applied is { Limits: { } limits } applied && !limits.Protected.All(k => KeyOf(k) == k)
            ? rekeyed with
            {
                Applied = applied with { Limits = limits with { Protected = [.. limits.Protected.Select(KeyOf)] } },
            }
            : rekeyed;
    }

    private static string KeyOf(WriteIntent intent) => KeyOf(intent.PersonKey);

    // The key of a person who is known by the vendor's id alone is no address, so its case is kept.
    private static string KeyOf(string key) =>
        key.Contains('@', StringComparison.Ordinal) ? EmailAddress.KeyOf(key) : key;

    private static PersonRecord One(PersonRecord first, PersonRecord second)
    {
        var winner = first.PersonId is null && second.PersonId is not null ? second : first;
        return winner with { Owned = first.Owned || second.Owned };
    }

    /// <summary>Returns this ledger with the people of a baseline owned as well.</summary>
    /// <param name="baseline">The baseline; an empty one changes nothing.</param>
    public ProjectLedger WithOwnersOf(ProjectLedger baseline)
    {
        if (baseline.Source == OwnershipSource.None)
            return this;
        if (Source == OwnershipSource.None)
            return baseline;
        var known = People
            .Select(p => baseline.Of(EmailAddress.KeyOf(p.Email), p.PersonId) is null ? p : p with { Owned = true })
            .ToList();
        var added = baseline.People.Where(p => Of(EmailAddress.KeyOf(p.Email), p.PersonId) is null);
        return this with { People = [.. known.Concat(added)], Applied = WithLimitsOf(baseline.Applied) };
    }

    // The ledger is newer than the baseline, so its limits win.
    private LastApplied? WithLimitsOf(LastApplied? baseline)
    {
        if (Applied is not { Limits: null } || baseline is null)
            return Applied ?? baseline;
        return Applied with
        {
            Limits = baseline.Limits,
            Labels = baseline.Labels,
            Administrators = Applied.Administrators.IsDefault ? baseline.Administrators : Applied.Administrators,
        };
    }

    /// <summary>
    /// Finds the record of an account: by its id, else by its address unless that address had another id; null if there
    /// is none.
    /// </summary>
    /// <param name="emailKey">The key of its address.</param>
    /// <param name="personId">The vendor's id of the account; null if it is not known.</param>
    public PersonRecord? Of(string emailKey, string? personId)
    {
        if (People.IsEmpty)
            return null;
        var index = _index ??= new(People);
        if (personId is not null && index.ById.TryGetValue(personId, out var byId))
            return byId;
        var byEmail = index.ByEmail.GetValueOrDefault(emailKey);
        return byEmail?.PersonId is null || personId is null || byEmail.PersonId == personId ? byEmail : null;
    }

    /// <inheritdoc/>
    public bool Equals(ProjectLedger? other) =>
        ReferenceEquals(this, other)
        || (
            other is not null
            && Source == other.Source
            && TrustedCount == other.TrustedCount
            && Equals(Applied, other.Applied)
            && People.AsSpan().SequenceEqual(other.People.AsSpan())
            && Intents.AsSpan().SequenceEqual(other.Intents.AsSpan())
            && Believed.AsSpan().SequenceEqual(other.Believed.AsSpan())
            && Released.AsSpan().SequenceEqual(other.Released.AsSpan())
            && Lessons.AsSpan().SequenceEqual(other.Lessons.AsSpan())
        );

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, TrustedCount, People.Length);

    private sealed class Index
    {
        public Index(ImmutableArray<PersonRecord> people)
        {
            foreach (var person in people)
            {
                ByEmail.TryAdd(EmailAddress.KeyOf(person.Email), person);
                if (person.PersonId is not null)
                    ById.TryAdd(person.PersonId, person);
            }
        }

        public Dictionary<string, PersonRecord> ByEmail { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, PersonRecord> ById { get; } = new(StringComparer.Ordinal);
    }
}
