using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.State;

/// <summary>Reads the audit trail, and erases people from it.</summary>
public sealed partial class StateStore
{
    /// <summary>Lines of the audit trail, the newest first.</summary>
    public async Task<List<AuditEntry>> HistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        [.. (await SealedHistoryAsync(query, cancellation)).Select(e => e.Entry)];

    /// <summary>Entries of the audit trail with their seals, the newest first.</summary>
    public Task<List<SealedEntry>> SealedHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        RunAsync(() => AuditRows.Read(_connection, query), cancellation);

    /// <summary>Each account's entries in the order of its chain, as they are at one time.</summary>
    public Task<List<AuditTrail>> TrailsAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = _connection.BeginTransaction(deferred: true);
                return AuditRows
                    .Accounts(_connection)
                    .Select(a => new AuditTrail(a.VendorType, a.BaseUrl, AuditRows.Chain(_connection, a)))
                    .ToList();
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) =>
        RunAsync(() => AuditRows.HeadOf(_connection, vendorType, baseUrl), cancellation);

    /// <summary>
    /// Takes a person out of the audit trail, and notes in each account that it was done. Entries from before the chain
    /// lose the person too.
    /// </summary>
    /// <param name="address">The person's address.</param>
    /// <param name="note">What is noted, for one account after the other; its project is the account.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>How many entries named the person.</returns>
    public Task<int> EraseAsync(string address, AuditEntry note, CancellationToken cancellation)
    {
        if (!_writes)
            throw new InvalidOperationException($"{_path} was opened to be read");
        return RunAsync(
            () =>
            {
                using var transaction = _connection.BeginTransaction(deferred: false);
                var entries = AuditErasure.Run(_connection, address, note);
                transaction.Commit();
                transaction.Dispose();
                // Neither free pages nor the log may keep the address.
                _connection.Run("VACUUM");
                _connection.Run("PRAGMA wal_checkpoint(TRUNCATE)");
                return entries;
            },
            cancellation
        );
    }

    /// <summary>
    /// Every project that the audit trail names, also those that are forgotten, with the document that declared it
    /// last.
    /// </summary>
    public Task<List<(ProjectKey Key, string Document)>> ProjectsInHistoryAsync(CancellationToken cancellation) =>
        RunAsync(() => AuditRows.Projects(_connection), cancellation);
}
