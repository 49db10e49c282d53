using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Hosts.Operator.Status;

/// <summary>Removals that limits over a provider count.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many people.</param>
internal sealed record RemovalCount(DateTimeOffset At, int Count);

/// <summary>What the status of a membership remembers of one project.</summary>
/// <param name="Project">The project.</param>
/// <param name="Ledger">What is remembered; null where nothing is.</param>
internal sealed record ProjectLedgerEntry(ProjectKey Project, ProjectLedger? Ledger)
{
    private const int MostRemovals = 200;

    /// <summary>The vendor's name of the project; null where it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>Removals, the oldest first.</summary>
    public ImmutableArray<RemovalCount> Removals { get; init; } = [];

    /// <summary>Counts saves in this process: what was planned with an older one must not be applied.</summary>
    public long Version { get; init; }

    /// <summary>The slot with more removals; where there are too many, the oldest become one, which counts at the later time.</summary>
    public ProjectLedgerEntry With(RemovalCount? removed)
    {
        if (removed is null)
            return this;
        // One entry for each time: two that are equal would be taken for one.
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
