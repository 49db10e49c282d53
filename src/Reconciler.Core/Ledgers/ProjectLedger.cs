using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

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

/// <summary>
/// Where a project was declared when it was last applied, and what its document said about its own deletion.
/// </summary>
/// <param name="Scope">
/// Which manifests were read, as the host names them: only reading all of them again tells that the document is gone.
/// </param>
/// <param name="Document">The document's namespace and name.</param>
/// <param name="ProjectId">The vendor's id of the project, as declared.</param>
/// <param name="DeletionPolicy">What deleting the document does.</param>
/// <param name="Limits">
/// What the Guardrails among the manifests stated in the last apply that held nothing and left nothing out: the next
/// change is judged by them too, and so is the project's deletion. Null where there was no such apply.
/// </param>
public sealed record LastApplied(
    string Scope,
    string Document,
    string ProjectId,
    DeletionPolicy DeletionPolicy,
    Limits? Limits
)
{
    /// <summary>The labels of the document in that apply, by which Guardrails of the runner selected it.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = DesiredProject.NoLabels;

    /// <inheritdoc/>
    public bool Equals(LastApplied? other) =>
        other is not null
        && Scope == other.Scope
        && Document == other.Document
        && ProjectId == other.ProjectId
        && DeletionPolicy == other.DeletionPolicy
        && Equals(Limits, other.Limits)
        && Labels.SequenceEqual(other.Labels);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Scope, Document, ProjectId, DeletionPolicy, Limits, Labels.Count);
}

/// <summary>What is remembered of one project.</summary>
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
            // A copy made by "with" takes over every field, so the index is made anew with the people.
            field =
                value;
            _index = null;
        }
    } = People;

    /// <summary>No record.</summary>
    public static ProjectLedger None { get; } = new(OwnershipSource.None, []);

    /// <summary>A ledger in which nothing stands yet.</summary>
    public static ProjectLedger Empty { get; } = new(OwnershipSource.Ledger, []);

    /// <summary>How many members the last trusted pass saw; null where none is remembered.</summary>
    public int? TrustedCount { get; init; }

    /// <summary>Writes that were about to be sent, and whose outcome nobody has written down.</summary>
    public ImmutableArray<WriteIntent> Intents { get; init; } = [];

    /// <summary>Writes of late that the vendor confirmed and that no reading has shown yet, the oldest first.</summary>
    public ImmutableArray<WriteIntent> Believed { get; init; } = [];

    /// <summary>Where it was declared last; null where it never was applied.</summary>
    public LastApplied? Applied { get; init; }

    /// <summary>Digests of holds that an approval released once, the newest last.</summary>
    public ImmutableArray<string> Released { get; init; } = [];

    /// <summary>What the vendor's answers taught in this project, the newest last.</summary>
    public ImmutableArray<Lesson> Lessons { get; init; } = [];

    /// <summary>
    /// What was learned in other projects and holds for the whole account. It is gathered for a pass, and not stored
    /// here.
    /// </summary>
    public ImmutableArray<Lesson> AccountLessons { get; init; } = [];

    /// <summary>A record that makes owned whoever an earlier revision declared.</summary>
    /// <param name="project">The project in that revision; null where it was not declared.</param>
    public static ProjectLedger FromBaseline(DesiredProject? project)
    {
        var people = new Dictionary<string, PersonRecord>(StringComparer.Ordinal);
        // Entries that have expired since were granted all the same: whoever deletes such a line must not make the
        // access nobody's.
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
    /// This ledger with one record an address, as addresses are compared now: what was stored under another rule may
    /// hold two spellings of one. Of two that become one, the one with the vendor's id wins; the person is owned where
    /// either says so.
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
            // Two ids are two people: an address passes from one to the other.
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

    // The key of somebody who is known by the vendor's id alone is no address, and keeps its case.
    private static string KeyOf(string key) =>
        key.Contains('@', StringComparison.Ordinal) ? EmailAddress.KeyOf(key) : key;

    private static PersonRecord One(PersonRecord first, PersonRecord second)
    {
        var winner = first.PersonId is null && second.PersonId is not null ? second : first;
        return winner with { Owned = first.Owned || second.Owned };
    }

    /// <summary>This ledger, in which whoever a baseline declared is owned too.</summary>
    /// <param name="baseline">The baseline; a ledger stays as it is by one that says nothing.</param>
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

    // What a ledger knows is newer than what a baseline says.
    private LastApplied? WithLimitsOf(LastApplied? baseline)
    {
        if (Applied is not { Limits: null } || baseline is null)
            return Applied ?? baseline;
        return Applied with { Limits = baseline.Limits, Labels = baseline.Labels };
    }

    /// <summary>
    /// What is remembered of an account: by its id, else by its address, unless that address had another id.
    /// </summary>
    /// <param name="emailKey">The key of its address.</param>
    /// <param name="personId">The vendor's id of it; null where it is not known.</param>
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
