using System.Collections.Immutable;
using System.Data;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>
/// Stores ledgers and the audit trail in one SQLite file. Several stores, in one process or many, may use it at once:
/// every save first checks for a conflicting save, saves that wait for one another share a transaction, and readers see
/// the last complete save without waiting.
/// </summary>
public sealed partial class StateStore : ILedgerStore, IApprovalMemory, IDisposable, IAsyncDisposable
{
    private readonly string _path;
    private readonly string _full;
    private readonly bool _writes;
    private readonly SemaphoreSlim _gate = new(1, 1);

    // A cache of the stored ledgers, so that a save finds what changed without reading thousands of rows. An entry is
    // valid while its version is current.
    private readonly Dictionary<ProjectKey, StoredLedger> _known = [];

    // Projects whose rows still hold two spellings of one address.
    private readonly HashSet<ProjectKey> _toRekey = [];
    private StateConnection _connection;

    private StateStore(StateConnection connection, string path, bool writes)
    {
        (_connection, _path, _full, _writes) = (connection, path, Path.GetFullPath(path), writes);
        _files = writes ? new(_full) : null;
    }

    /// <inheritdoc/>
    public bool SavesEachWrite => true;

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = _connection.BeginTransaction(deferred: true);
                return LedgerRows.Find(_connection, key) is { } row ? Known(key, row) : new StoredLedger(key, null, "");
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = _connection.BeginTransaction(deferred: true);
                var all = LedgerRows.Read(_connection, only: null);
                for (var i = 0; i < all.Count; i++)
                    all[i] = Remember(all[i]);
                return all.OrderBy(s => s.Key.VendorType, StringComparer.Ordinal)
                    .ThenBy(s => s.Key.BaseUrl, StringComparer.Ordinal)
                    .ThenBy(s => s.Key.ProjectId, StringComparer.Ordinal)
                    .ToImmutableArray();
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    ) => RunAsync(() => AuditRows.Removals(_connection, vendorType, baseUrl, since), cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<Lesson>> AccountLessonsAsync(
        string vendorType,
        string baseUrl,
        CancellationToken cancellation
    ) => RunAsync(() => LedgerRows.AccountLessons(_connection, vendorType, baseUrl), cancellation);

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, DateTimeOffset>> FirstSeenAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
                _connection
                    .Rows("SELECT approval, first_seen FROM approvals", r => (r.GetString(0), Sql.Time(r.GetString(1))))
                    .ToImmutableDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal),
            cancellation
        );

    /// <inheritdoc/>
    public Task SeeAsync(IReadOnlyCollection<string> approvals, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!_writes)
            throw new InvalidOperationException($"{_path} was opened to be read");
        return RunAsync(() => InPlace(() => approvals.Sum(a => See(a, now))), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() =>
        // The gate is not disposed: whoever waits for it must get its turn, and finds the file closed.
        _connection.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // Approvals are checked in each reconcile, so a known one must not cause a write.
    private int See(string approval, DateTimeOffset now) =>
        _connection.Number("SELECT count(*) FROM approvals WHERE approval = $approval", ("$approval", approval)) > 0
            ? 0
            : _connection.Run(
                """
                INSERT INTO approvals (approval, first_seen) VALUES ($approval, $now)
                ON CONFLICT (approval) DO NOTHING
                """,
                ("$approval", approval),
                ("$now", Sql.Time(now))
            );

    private StoredLedger Known(ProjectKey key, ProjectRow row)
    {
        if (_known.TryGetValue(key, out var known) && known.Version == row.Name)
            return known;
        return Remember(LedgerRows.Read(_connection, row.Id).Single());
    }

    // Older versions compared addresses differently, so stored keys may need to be merged.
    private StoredLedger Remember(StoredLedger inRows)
    {
        var rekeyed = inRows with { Ledger = inRows.Ledger!.Rekeyed() };
        if (!ReferenceEquals(rekeyed.Ledger, inRows.Ledger))
            _toRekey.Add(inRows.Key);
        return _known[inRows.Key] = rekeyed;
    }

    private ProjectLedger InRows(StoredLedger stored, ProjectRow? row)
    {
        if (row is not null && _toRekey.Contains(stored.Key))
            return LedgerRows.Read(_connection, row.Id).Single().Ledger!;
        return stored.Ledger ?? ProjectLedger.Empty;
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return Guard(work);
        }
        finally
        {
            _gate.Release();
        }
    }

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return StateErrors.Guard(_path, work);
        }
        catch (InvalidOperationException failure) when (_connection.State != ConnectionState.Open)
        {
            throw new LedgerException(
                $"{_path} is not open: the program is ending, or the file could not be opened again",
                failure
            );
        }
    }
}
