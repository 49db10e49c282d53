using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;

namespace Reconciler.Engine.Planning;

/// <summary>The ledger of a project, as a run loads it.</summary>
/// <param name="Ledger">The ledger that plans are made with.</param>
/// <param name="Stored">The stored ledger; null where nothing is stored in this run.</param>
/// <param name="Settled">
/// The writes of an earlier run whose outcome was open and that this reading confirmed or disproved.
/// </param>
public sealed record LoadedLedger(ProjectLedger Ledger, StoredLedger? Stored, ImmutableArray<SettledIntent> Settled)
{
    /// <summary>An empty ledger.</summary>
    public static LoadedLedger None { get; } = new(ProjectLedger.None, null, []);

    /// <summary>The time of the last mail that may or may not have been sent; null where there is none.</summary>
    internal DateTimeOffset? MailDoubtfulSince =>
        Settled
            .Where(s =>
                s
                    is {
                        Outcome: SettledOutcome.NotDone or SettledOutcome.PartlyDone,
                        Intent.Kind: ActionKind.Invite or ActionKind.Replace
                    }
            )
            .Select(s => (DateTimeOffset?)s.Intent.At)
            .Max();

    /// <summary>
    /// The project as read, plus recent writes that its lists do not show yet; null where there are none.
    /// </summary>
    internal LiveProject? Believed { get; init; }
}

/// <summary>Loads the stored ledgers, and the people whom an earlier revision of the manifests declared.</summary>
/// <param name="store">The store of the ledgers; null where nothing is stored.</param>
/// <param name="baseline">Finds the people whom an earlier revision declared in a project.</param>
public sealed class LedgerReader(ILedgerStore? store, Func<DesiredProject, ProjectLedger> baseline)
{
    /// <summary>The store of the ledgers; null where nothing is stored.</summary>
    public ILedgerStore? Store => store;

    /// <summary>
    /// Loads the ledger of a project, and resolves its open writes with the project as it was just read.
    /// </summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    internal async Task<LoadedLedger> LoadAsync(
        DesiredProject project,
        LiveProject live,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (store is null)
            return LoadedLedger.None with { Ledger = baseline(project) };
        var stored = await store.LoadAsync(project.Key, cancellation);
        var account = await store.AccountLessonsAsync(project.Key.VendorType, project.Key.BaseUrl, cancellation);
        var (ledger, settled) = Recovery.Settle(stored.Ledger ?? ProjectLedger.None, live);
        if (!ledger.Believed.IsEmpty)
        {
            // An acceptance often shows only in the first reading after the recent write has stopped counting.
            ledger = UnconfirmedWrites.WithAccepted(ledger, live, now);
            ledger = ledger with
            {
                Believed = UnconfirmedWrites.Left(ledger.Believed, live, now - project.Provider.SettleAfter),
            };
        }

        var believed = ledger.Believed.IsEmpty ? null : UnconfirmedWrites.Over(live, ledger.Believed);
        return new(ledger.WithOwnersOf(baseline(project)) with { AccountLessons = account }, stored, settled)
        {
            Believed = believed,
        };
    }

    /// <summary>
    /// Counts the removals of an account within each of several time windows. Removals whose outcome was not recorded
    /// count too, unless a reading shows that they were not done, so that repeated crashes cannot bypass the limit.
    /// </summary>
    /// <param name="account">The projects of the account in this run.</param>
    /// <param name="windows">The lengths of the time windows.</param>
    /// <param name="now">The time of the run.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    internal async Task<Func<TimeSpan, int>> RemovalsAsync(
        IReadOnlyCollection<PlannedProject> account,
        IEnumerable<TimeSpan> windows,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (store is null)
            return _ => 0;
        var (vendorType, baseUrl, _) = account.First().Project.Key;
        var stored = await store.LoadAllAsync(cancellation);
        var read = account
            .Where(p => p.Memory.Stored is not null)
            .ToDictionary(p => p.Project.Key, p => p.Memory.Settled);
        var open = stored
            .Where(s => s.Key.VendorType == vendorType && s.Key.BaseUrl == baseUrl)
            .SelectMany(s => OpenRemovals(s, read).Select(i => (s.Key, i.PersonKey, i.At)))
            .ToList();
        var counts = new Dictionary<TimeSpan, int>();
        foreach (var window in windows.Distinct())
        {
            counts[window] =
                await store.RemovalsSinceAsync(vendorType, baseUrl, now - window, cancellation)
                + open.Where(o => o.At >= now - window).Select(o => (o.Key, o.PersonKey)).Distinct().Count();
        }

        return window => counts[window];
    }

    private static IEnumerable<WriteIntent> OpenRemovals(
        StoredLedger stored,
        Dictionary<ProjectKey, ImmutableArray<SettledIntent>> read
    )
    {
        var open = read.TryGetValue(stored.Key, out var settled)
            ? settled.Where(s => s.Outcome == SettledOutcome.Done).Select(s => s.Intent)
            : stored.Ledger!.Intents;
        return open.Where(i => i.CountsAsRemoval);
    }
}
