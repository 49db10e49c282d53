using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Ports;

/// <summary>Thrown if somebody else saved the project's ledger since it was loaded. Nothing was saved.</summary>
/// <param name="key">The project.</param>
public sealed class LedgerConflictException(ProjectKey key)
    : Exception($"the state of {key} was changed by another process meanwhile")
{
    /// <summary>The project.</summary>
    public ProjectKey Key { get; } = key;
}

/// <summary>Thrown if the ledger cannot be read or written. The message is for people and says what to do.</summary>
/// <param name="message">The text for people.</param>
/// <param name="inner">The cause; null if there is none.</param>
public sealed class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Stores one ledger per project, each saved whole or not at all, and the audit trail. The command line and the worker
/// use a database; the operator uses the status of its resources.
/// </summary>
public interface ILedgerStore
{
    /// <summary>
    /// Whether saving is cheap enough to be done before and after every write. If not, the intents of all writes of a
    /// project's reconcile are saved at once, and their outcomes at its end.
    /// </summary>
    bool SavesEachWrite { get; }

    /// <summary>Loads the ledger of a project.</summary>
    /// <param name="key">The project.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation);

    /// <summary>Loads the ledgers of all projects, in the order of their keys.</summary>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">They cannot be read.</exception>
    Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation);

    /// <summary>
    /// Saves a project's ledger and appends to the audit trail, both or neither. Once it returns, both survive the
    /// process.
    /// </summary>
    /// <param name="before">The ledger that was last loaded or saved.</param>
    /// <param name="ledger">The new ledger; null deletes it.</param>
    /// <param name="audit">The entries to append to the audit trail.</param>
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
    /// Counts the removals in an account's projects since a time, as limits count them: each person once per project.
    /// </summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <param name="since">The time from which removals count.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    );

    /// <summary>
    /// Loads the lessons from an account's projects that hold for all of them, including expired ones.
    /// </summary>
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

    /// <summary>
    /// Says why no write may begin in an account now, although it was allowed before: somebody else may have the right
    /// to write by now. It is asked before each write, so it answers at once.
    /// </summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <returns>The reason in words; null where a write may begin.</returns>
    string? Objection(string vendorType, string baseUrl) => null;

    /// <summary>Returns the hash of the newest entry of an account's audit trail.</summary>
    /// <param name="vendorType">The vendor.</param>
    /// <param name="baseUrl">The account's normalised base URL.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <returns>The hash; empty if the store chains no entries, or has none.</returns>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) => Task.FromResult("");
}
