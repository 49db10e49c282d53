using System.Collections.Immutable;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Ledgers;

/// <summary>Merges two changes of one ledger, person by person.</summary>
public static class LedgerMerge
{
    /// <summary>
    /// Merges both changes. If both changed one person, ours wins, because it records what was just done.
    /// </summary>
    /// <param name="before">The ledger that both started from; null if there was none.</param>
    /// <param name="ours">Our change.</param>
    /// <param name="theirs">The other change; null if it deleted the project's ledger.</param>
    public static ProjectLedger Of(ProjectLedger? before, ProjectLedger ours, ProjectLedger? theirs)
    {
        var was = ByEmail(before);
        var mine = ByEmail(ours);
        var other = ByEmail(theirs);
        var people = was
            .Keys.Union(mine.Keys, StringComparer.Ordinal)
            .Union(other.Keys, StringComparer.Ordinal)
            .Select(key =>
                Equals(mine.GetValueOrDefault(key), was.GetValueOrDefault(key))
                    ? other.GetValueOrDefault(key)
                    : mine.GetValueOrDefault(key)
            )
            .OfType<PersonRecord>()
            .OrderBy(p => p.Email, StringComparer.Ordinal);
        var lessons = (theirs?.Lessons ?? [])
            .Except(before?.Lessons ?? [])
            .Where(l => !IsOlder(l, ours.Lessons))
            .Aggregate(ours.Lessons, LessonBook.With);
        return ours with
        {
            People = [.. people],
            Lessons = lessons,
            TrustedCount =
                theirs is not null && ours.TrustedCount == before?.TrustedCount
                    ? theirs.TrustedCount
                    : ours.TrustedCount,
            Applied = theirs is not null && Equals(ours.Applied, before?.Applied) ? theirs.Applied : ours.Applied,
            Intents = WithNew(before?.Intents ?? [], ours.Intents, theirs?.Intents ?? []),
            Believed = [.. WithNew(before?.Believed ?? [], ours.Believed, theirs?.Believed ?? []).OrderBy(w => w.At)],
            Released = WithNew(before?.Released ?? [], ours.Released, theirs?.Released ?? []),
        };
    }

    private static bool IsOlder(Lesson lesson, ImmutableArray<Lesson> known) =>
        lesson.Kind != LessonKind.SentUnknown
        && known.Any(k => (k.Kind, k.Subject) == (lesson.Kind, lesson.Subject) && k.At >= lesson.At);

    // Entries that the other change removed are kept if they are ours: our write may still be in flight.
    private static ImmutableArray<T> WithNew<T>(
        ImmutableArray<T> before,
        ImmutableArray<T> ours,
        ImmutableArray<T> theirs
    ) => [.. ours, .. theirs.Except(before).Except(ours)];

    private static Dictionary<string, PersonRecord> ByEmail(ProjectLedger? ledger) =>
        (ledger?.People ?? [])
            .GroupBy(p => EmailAddress.KeyOf(p.Email), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
}
