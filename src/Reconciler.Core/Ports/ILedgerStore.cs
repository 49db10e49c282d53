using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Somebody else saved the project's ledger since it was loaded. Nothing was saved.</summary>
/// <param name="key">The project.</param>
public sealed class LedgerConflictException(ProjectKey key)
    : Exception($"the ledger of {key} was changed by somebody else meanwhile")
{
    /// <summary>The project.</summary>
    public ProjectKey Key { get; } = key;
}

/// <summary>The ledger cannot be read or written. The message is for people and says what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">What was caught.</param>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Keeps what the vendors do not remember: one value a project, saved whole or not at all, and the audit trail. A
/// database keeps it for the command line and the worker; the status of a resource can.
/// </summary>
public interface ILedgerStore
{
    /// <summary>
    /// Whether saving is cheap enough to be done before and after every write. Where it is not, all writes of a
    /// project's pass are intended at once and noted at its end.
    /// </summary>
    bool SavesEachWrite { get; }

    /// <summary>What is remembered of a project.</summary>
    /// <param name="key">The project.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation);

    /// <summary>Every project that is remembered, in the order of their keys.</summary>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">They cannot be read.</exception>
    Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation);

    /// <summary>
    /// Saves a project's ledger and appends to the audit trail, both or neither. Once it returns, both survive the
    /// process.
    /// </summary>
    /// <param name="before">What was loaded or saved last.</param>
    /// <param name="ledger">What is remembered from now on; null forgets the project.</param>
    /// <param name="audit">What is appended to the audit trail.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>The ledger with its new version.</returns>
    /// <exception cref="LedgerConflictException">Somebody else saved since.</exception>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    Task<StoredLedger> SaveAsync(
        StoredLedger before,
        ProjectLedger? ledger,
        IReadOnlyList<AuditEntry> audit,
        CancellationToken cancellation
    );

    /// <summary>
    /// How many removals that limits count were done in an account's projects since a time: people, once a project.
    /// </summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <param name="since">Since when.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    );

    /// <summary>What was learned in an account's projects and holds for all of them, also what holds no more.</summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    async Task<ImmutableArray<Lesson>> AccountLessonsAsync(
        string vendorType,
        string baseUrl,
        CancellationToken cancellation
    )
    {
        var all = await LoadAllAsync(cancellation);
        return
        [
            .. all.Where(s => s.Key.VendorType == vendorType && s.Key.BaseUrl == baseUrl && s.Ledger is not null)
                .SelectMany(s => s.Ledger!.Lessons.Where(l => l.IsOfAccount)),
        ];
    }

    /// <summary>The hash of the newest entry of an account's audit trail.</summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <returns>The hash; empty where the store chains no entries, or has none.</returns>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) => Task.FromResult("");
}
