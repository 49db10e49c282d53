using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State;

/// <summary>
/// Keeps ledgers and the audit trail in one SQLite file. Several stores, in one process or many, may use it at once: every save is one
/// transaction that first looks whether somebody else was faster, and readers see the last whole save without waiting.
/// </summary>
internal sealed class StateStore : ILedgerStore, IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(10);

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly bool _writes;
    private readonly SemaphoreSlim _gate = new(1, 1);

    // What the rows hold, as records, so that a save finds what changed without reading thousands of rows. The version tells whether it still holds.
    private readonly Dictionary<ProjectKey, StoredLedger> _known = [];

    private StateStore(SqliteConnection connection, string path, bool writes) => (_connection, _path, _writes) = (connection, path, writes);

    /// <inheritdoc/>
    public bool SavesEachWrite => true;

    /// <summary>The name of this state: a copy has it too, a new file has another.</summary>
    public string Id => StateIdentity.Of(_connection);

    /// <summary>Whether somebody wants this file to take the place of a worker's that is lost.</summary>
    public bool IsConfirmed => StateIdentity.IsConfirmed(_connection);

    /// <summary>Says that this file may take the place of a worker's that is lost.</summary>
    /// <exception cref="LedgerException">It cannot be written.</exception>
    public void Confirm() => StateErrors.Guard(_path, () =>
    {
        StateIdentity.Confirm(_connection, isConfirmed: true);
        return true;
    });

    /// <summary>The file has taken the place: a copy of it is not confirmed with it.</summary>
    public void EndConfirmation() => StateErrors.Guard(_path, () =>
    {
        if (IsConfirmed) StateIdentity.Confirm(_connection, isConfirmed: false);
        return true;
    });

    /// <summary>
    /// Whether the file at a path is the one that this store has open: a file that was deleted stays writable for whoever has it open, and what is
    /// written to it is lost.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <exception cref="LedgerException">The file there cannot be read.</exception>
    /// <param name="cancellation">Stops before anything is written.</param>
    public Task<bool> IsAtAsync(string path, CancellationToken cancellation) => RunAsync(
        () =>
        {
            var mark = Guid.NewGuid().ToString("N");
            StateIdentity.Mark(_connection, mark);
            using var other = StateFile.OpenToRead(Path.GetFullPath(path), DefaultPatience);
            return other.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'about'") > 0 && StateIdentity.MarkOf(other) == mark;
        },
        cancellation);

    /// <summary>Opens a state file to be written; makes it, and its folder, where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for another program's save; 10 s unless told.</param>
    /// <param name="schema">The tables, for tests.</param>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public static StateStore OpenOrCreate(string path, TimeSpan? patience = null, StateSchema? schema = null)
    {
        var full = Path.GetFullPath(path);
        return StateErrors.Guard(path, () =>
        {
            if (!StateFile.Exists(full))
            {
                StateFile.PrepareFolder(full);
                StateFile.CreateNew(full);
            }

            var connection = StateFile.OpenToWrite(full, patience ?? DefaultPatience);
            try
            {
                // Looked at before it is changed: it may be another program's.
                (schema ?? StateSchema.Current).VersionOf(connection, path);
                connection.Run("PRAGMA journal_mode = WAL");
                (schema ?? StateSchema.Current).Migrate(connection, path);
                StateIdentity.Ensure(connection);
                return new StateStore(connection, path, writes: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a state file to be read; it is never changed. A file of an earlier version is brought up to date in memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait for another program; 10 s unless told.</param>
    /// <param name="schema">The tables, for tests.</param>
    /// <returns>The store; null where there is no file, or nothing in it yet.</returns>
    /// <exception cref="LedgerException">It cannot be opened.</exception>
    public static StateStore? OpenExisting(string path, TimeSpan? patience = null, StateSchema? schema = null)
    {
        var full = Path.GetFullPath(path);
        return StateErrors.Guard(path, () =>
        {
            if (!StateFile.Exists(full)) return null;
            var connection = StateFile.OpenToRead(full, patience ?? DefaultPatience);
            try
            {
                var version = (schema ?? StateSchema.Current).VersionOf(connection, path);
                if (version > 0) return new StateStore(UpToDate(connection, version, path, schema ?? StateSchema.Current), path, writes: false);
                connection.Dispose();
                return null;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation) => RunAsync(
        () =>
        {
            using var snapshot = _connection.BeginTransaction(deferred: true);
            return LedgerRows.Find(_connection, key) is { } row ? Known(key, row) : new StoredLedger(key, null, "");
        },
        cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) => RunAsync(
        () =>
        {
            using var snapshot = _connection.BeginTransaction(deferred: true);
            var all = LedgerRows.Read(_connection, only: null);
            foreach (var stored in all) _known[stored.Key] = stored;
            return all.OrderBy(s => s.Key.VendorType, StringComparer.Ordinal).ThenBy(s => s.Key.BaseUrl, StringComparer.Ordinal)
                .ThenBy(s => s.Key.ProjectId, StringComparer.Ordinal).ToImmutableArray();
        },
        cancellation);

    /// <inheritdoc/>
    public Task<StoredLedger> SaveAsync(StoredLedger before, ProjectLedger? ledger, IReadOnlyList<AuditEntry> audit, CancellationToken cancellation)
    {
        if (!_writes) throw new InvalidOperationException($"{_path} was opened to be read");
        // What is stored is a ledger from now on, whoever said it first.
        var after = ledger is null or { Source: OwnershipSource.Ledger } ? ledger : ledger with { Source = OwnershipSource.Ledger };
        return RunAsync(() => Save(before, after, audit), cancellation);
    }

    /// <inheritdoc/>
    public Task<int> RemovalsSinceAsync(string vendorType, string baseUrl, DateTimeOffset since, CancellationToken cancellation) =>
        RunAsync(() => AuditRows.Removals(_connection, vendorType, baseUrl, since), cancellation);

    /// <summary>Lines of the audit trail, the newest first.</summary>
    public Task<List<AuditEntry>> HistoryAsync(HistoryQuery query, CancellationToken cancellation) => RunAsync(() => AuditRows.Read(_connection, query), cancellation);

    /// <summary>Every project that the audit trail names, also those that are forgotten, with the document that declared it last.</summary>
    public Task<List<(ProjectKey Key, string Document)>> ProjectsInHistoryAsync(CancellationToken cancellation) => RunAsync(() => AuditRows.Projects(_connection), cancellation);

    /// <summary>Copies a state file while others may use it. The copy is one whole file, whatever is saved meanwhile.</summary>
    /// <param name="path">The state file.</param>
    /// <param name="target">The copy, which must not exist yet.</param>
    /// <param name="cancellation">Stops before anything is written.</param>
    /// <exception cref="LedgerException">There is nothing to copy, or the copy cannot be written.</exception>
    public static async Task BackupAsync(string path, string target, CancellationToken cancellation = default)
    {
        await using var source = OpenExisting(path) ?? throw new LedgerException($"{path} does not exist, so there is nothing to back up");
        await source.RunAsync(() => StateErrors.Guard(target, () => StateBackup.Write(source._connection, target)), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _gate.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteConnection UpToDate(SqliteConnection file, int version, string path, StateSchema schema)
    {
        if (version == schema.Steps.Length) return file;
        var copy = new SqliteConnection("Data Source=:memory:;Pooling=False");
        copy.Open();
        file.BackupDatabase(copy);
        file.Dispose();
        schema.Migrate(copy, path);
        return copy;
    }

    private StoredLedger Save(StoredLedger before, ProjectLedger? after, IReadOnlyList<AuditEntry> audit)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var row = LedgerRows.Find(_connection, before.Key);
        if ((row?.Name ?? "") != before.Version) throw new LedgerConflictException(before.Key);
        var stored = row is null ? new(before.Key, null, "") : Known(before.Key, row);
        if (audit.Count == 0 && Equals(stored.Ledger, after)) return stored;
        if (after is not null)
        {
            var saved = Equals(stored.Ledger, after) ? row! : LedgerRows.Write(_connection, before.Key, row, stored.Ledger ?? ProjectLedger.Empty, after);
            stored = new(before.Key, after, saved.Name);
        }
        else
        {
            if (row is not null) LedgerRows.Delete(_connection, row);
            stored = new(before.Key, null, "");
        }

        foreach (var entry in audit) AuditRows.Append(_connection, entry);
        transaction.Commit();
        if (stored.Ledger is null) _known.Remove(before.Key);
        else _known[before.Key] = stored;
        return stored;
    }

    private StoredLedger Known(ProjectKey key, ProjectRow row)
    {
        if (_known.TryGetValue(key, out var known) && known.Version == row.Name) return known;
        return _known[key] = LedgerRows.Read(_connection, row.Id).Single();
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return StateErrors.Guard(_path, work);
        }
        finally
        {
            _gate.Release();
        }
    }
}
