using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Recording;

namespace Reconciler.Engine.Planning;

/// <summary>What is remembered of a project in a run.</summary>
/// <param name="Ledger">What plans are made with.</param>
/// <param name="Stored">What was loaded; null where nothing is stored in this run.</param>
/// <param name="Settled">What reading showed of writes that an earlier run left open.</param>
public sealed record Recollection(ProjectLedger Ledger, StoredLedger? Stored, ImmutableArray<SettledIntent> Settled)
{
    /// <summary>Memory of a project of which nothing is known.</summary>
    public static Recollection None { get; } = new(ProjectLedger.None, null, []);

    /// <summary>
    /// When the last mail was intended of which reading does not show whether it went out; null where there is none.
    /// </summary>
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
    /// The project as read, with the writes of late that its lists do not show yet; null where there are none.
    /// </summary>
    internal LiveProject? Believed { get; init; }
}

/// <summary>
/// What a run remembers: the stored ledgers, where there are any, and whom an earlier revision of the manifests
/// declared.
/// </summary>
/// <param name="store">The stored ledgers; null where nothing is stored.</param>
/// <param name="baseline">Whom an earlier revision declared in a project.</param>
public sealed class LedgerBook(ILedgerStore? store, Func<DesiredProject, ProjectLedger> baseline)
{
    /// <summary>A run that remembers nothing.</summary>
    internal static LedgerBook Blank { get; } = new(null, _ => ProjectLedger.None);

    /// <summary>Storage of the ledgers; null if nothing is stored.</summary>
    public ILedgerStore? Store => store;

    /// <summary>
    /// What is remembered of a project; writes whose outcome is open are settled by what was just read.
    /// </summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    internal async Task<Recollection> RecallAsync(
        DesiredProject project,
        LiveProject live,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (store is null)
            return Recollection.None with { Ledger = baseline(project) };
        var stored = await store.LoadAsync(project.Key, cancellation);
        var account = await store.AccountLessonsAsync(project.Key.VendorType, project.Key.BaseUrl, cancellation);
        var (ledger, settled) = Settlement.Settle(stored.Ledger ?? ProjectLedger.None, live);
        if (!ledger.Believed.IsEmpty)
        {
            // The reading that shows an acceptance is often the first one after the belief has ended.
            ledger = Beliefs.WithAccepted(ledger, live, now);
            ledger = ledger with { Believed = Beliefs.Left(ledger.Believed, live, now - project.Provider.SettleAfter) };
        }

        var believed = ledger.Believed.IsEmpty ? null : Beliefs.Over(live, ledger.Believed);
        return new(ledger.WithOwnersOf(baseline(project)) with { AccountLessons = account }, stored, settled)
        {
            Believed = believed,
        };
    }

    /// <summary>
    /// How many removals an account has had within each of these times. What a run sent that died before it noted it
    /// counts too, unless reading shows that it was not done: whoever runs again and again after a crash must not pass
    /// the limit.
    /// </summary>
    /// <param name="account">The account's projects in this run.</param>
    /// <param name="windows">The times.</param>
    /// <param name="now">The time of the pass.</param>
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
