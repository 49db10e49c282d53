using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Operator.Status;

/// <summary>Removals that limits over a provider count.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many people.</param>
internal sealed record RemovalCount(DateTimeOffset At, int Count)
{
    /// <summary>Counts the removals in entries of the audit trail; null where there are none.</summary>
    public static RemovalCount? Of(IReadOnlyList<AuditEntry> audit)
    {
        var people = audit
            .Where(a => a is { CountsAsRemoval: true, Outcome: AuditOutcome.Done or AuditOutcome.SettledDone })
            .ToList();
        // Rounded as in every status, so that one removal is recognized in two of them.
        return people.Count == 0
            ? null
            : new(
                GoneRemovals.WholeSecond(people.Max(a => a.At)),
                people.Select(a => a.Person).Distinct(StringComparer.Ordinal).Count()
            );
    }
}

/// <summary>The ledger of one project in the status of a membership.</summary>
/// <param name="Project">The project.</param>
/// <param name="Ledger">The ledger; null where there is none.</param>
internal sealed record ProjectLedgerEntry(ProjectKey Project, ProjectLedger? Ledger)
{
    private const int MostRemovals = 200;

    /// <summary>Whether people were let in by this ledger.</summary>
    public bool HasGranted => Ledger?.Applied is not null;

    /// <summary>The vendor's name of the project; null where it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>Removals, the oldest first.</summary>
    public ImmutableArray<RemovalCount> Removals { get; init; } = [];

    /// <summary>
    /// The version of the ledger in this process: what was planned with another one must not be applied.
    /// </summary>
    public long Version { get; init; }

    /// <summary>With more removals. Where there are too many, the two oldest are merged at the later time.</summary>
    public ProjectLedgerEntry With(RemovalCount? removed)
    {
        if (removed is null)
            return this;
        // Removals are compared by value, so two of the same time become one.
        if (!Removals.IsEmpty && Removals[^1] is var last && last.At == removed.At)
            return this with
            {
                Removals = Removals.SetItem(Removals.Length - 1, last with { Count = last.Count + removed.Count }),
            };
        var all = Removals.Add(removed);
        if (all.Length > MostRemovals)
            all = [new(all[1].At, all[0].Count + all[1].Count), .. all.Skip(2)];
        return this with { Removals = all };
    }
}
