using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.State;

/// <summary>Reads the audit trail, and erases people from it.</summary>
public sealed partial class StateStore
{
    /// <summary>Reads entries of the audit trail, the newest first.</summary>
    public async Task<List<AuditEntry>> HistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        [.. (await SealedHistoryAsync(query, cancellation)).Select(e => e.Entry)];

    /// <summary>Reads entries of the audit trail with their seals, the newest first.</summary>
    public Task<List<SealedEntry>> SealedHistoryAsync(HistoryQuery query, CancellationToken cancellation) =>
        RunAsync(() => AuditRows.Read(Connection, query), cancellation);

    /// <summary>Reads each account's entries in the order of its chain, in one snapshot.</summary>
    public Task<List<AuditTrail>> TrailsAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = Connection.Begin(writes: false);
                return AuditRows
                    .Accounts(Connection)
                    .Select(a => new AuditTrail(a.VendorType, a.BaseUrl, AuditRows.Chain(Connection, a)))
                    .ToList();
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<string> HeadAsync(string vendorType, string baseUrl, CancellationToken cancellation) =>
        RunAsync(() => AuditRows.HeadOf(Connection, vendorType, baseUrl), cancellation);

    /// <summary>
    /// Erases a person from the audit trail, and appends a note for each account that named the person. Entries from
    /// before the chain lose the person as well.
    /// </summary>
    /// <param name="person">The person.</param>
    /// <param name="note">The note to append for each account; its project is replaced by the account.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <returns>How many entries named the person.</returns>
    public Task<int> EraseAsync(ErasedPerson person, AuditEntry note, CancellationToken cancellation)
    {
        EnsureWrites();
        return RunAsync(() => InPlace(() => Erase(person, note)), cancellation);
    }

    private int Erase(ErasedPerson person, AuditEntry note)
    {
        int entries;
        using (var transaction = Connection.Begin(writes: true))
        {
            Fence(AuditRows.Accounts(Connection).Select(a => new ProjectKey(a.VendorType, a.BaseUrl, "")));
            entries = AuditErasure.Run(Connection, person, note);
            if (Database.Commit(transaction) is { } unknown)
                throw unknown;
        }

        Database.Shred();
        return entries;
    }

    /// <summary>
    /// Lists every project in the audit trail, including those without a ledger, with the document that declared it
    /// last.
    /// </summary>
    public Task<List<(ProjectKey Key, string Document)>> ProjectsInHistoryAsync(CancellationToken cancellation) =>
        RunAsync(() => AuditRows.Projects(Connection), cancellation);
}
