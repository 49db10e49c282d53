using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.State.Postgres;

namespace Reconciler.State;

/// <summary>
/// Stores ledgers and the audit trail in a SQLite file or in PostgreSQL. Several stores, in one process or many, may
/// use one state at once: every save first checks for a conflicting save, saves that wait for one another share a
/// transaction, and readers see the last complete save without waiting.
/// </summary>
public sealed partial class StateStore : ILedgerStore, IApprovalMemory, IDisposable, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    // A cache of the stored ledgers, so that a save finds what changed without reading thousands of rows. An entry is
    // valid while its version is current.
    private readonly Dictionary<ProjectKey, StoredLedger> _known = [];

    // Projects whose rows still hold two spellings of one address.
    private readonly HashSet<ProjectKey> _toRekey = [];

    internal StateStore(IStateDatabase database) => Database = database;

    /// <summary>What the rows are kept in.</summary>
    internal IStateDatabase Database { get; }

    /// <inheritdoc/>
    public bool SavesEachWrite => true;

    /// <inheritdoc/>
    public Task<StoredLedger> LoadAsync(ProjectKey key, CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = Connection.Begin(writes: false);
                return LedgerRows.Find(Connection, key) is { } row ? Known(key, row) : new StoredLedger(key, null, "");
            },
            cancellation
        );

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredLedger>> LoadAllAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
            {
                using var snapshot = Connection.Begin(writes: false);
                var all = LedgerRows.Read(Connection, only: null);
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
    public string? Objection(string vendorType, string baseUrl) => Database.Objection((vendorType, baseUrl));

    /// <inheritdoc/>
    public Task<int> RemovalsSinceAsync(
        string vendorType,
        string baseUrl,
        DateTimeOffset since,
        CancellationToken cancellation
    ) => RunAsync(() => AuditRows.Removals(Connection, vendorType, baseUrl, since), cancellation);

    /// <inheritdoc/>
    public Task<ImmutableArray<Lesson>> AccountLessonsAsync(
        string vendorType,
        string baseUrl,
        CancellationToken cancellation
    ) => RunAsync(() => LedgerRows.AccountLessons(Connection, vendorType, baseUrl), cancellation);

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, DateTimeOffset>> FirstSeenAsync(CancellationToken cancellation) =>
        RunAsync(
            () =>
                Connection
                    .Rows("SELECT approval, first_seen FROM approvals", r => (r.GetString(0), Sql.Time(r.GetString(1))))
                    .ToImmutableDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal),
            cancellation
        );

    /// <inheritdoc/>
    public Task SeeAsync(IReadOnlyCollection<string> approvals, DateTimeOffset now, CancellationToken cancellation)
    {
        EnsureWrites();
        return RunAsync(() => InPlace(() => approvals.Sum(a => See(a, now))), cancellation);
    }

    /// <summary>
    /// Waits for the right to write to some accounts of a state in PostgreSQL. A state file has a
    /// <see cref="StateLock"/> instead.
    /// </summary>
    /// <param name="request">Who wants it, and for what.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerException">It was not free in time, or the server cannot be used.</exception>
    public async Task<WriteRight> AcquireAsync(RightRequest request, TimeProvider clock, CancellationToken cancellation)
    {
        if (Database is not PostgresDatabase server)
            throw new InvalidOperationException($"{Database.Name} is a file, which has a lock of its own");
        try
        {
            return await WriteRight.AcquireAsync(server, request, clock, cancellation);
        }
        catch (Exception failure) when (Database.Explain(failure) is { } why)
        {
            throw new LedgerException($"{Database.Name} {why}", failure);
        }
    }

    /// <summary>Takes the right to write to every account of a state in PostgreSQL; waits for nobody.</summary>
    /// <param name="verb">What it is for.</param>
    /// <param name="clock">Measures the time.</param>
    /// <param name="cancellation">Ends the wait for the server.</param>
    /// <exception cref="LedgerException">One is not free, or the server cannot be used.</exception>
    public Task<WriteRight> AcquireAllAsync(string verb, TimeProvider clock, CancellationToken cancellation)
    {
        var accounts = Run(() => StateMove.Accounts(Connection).ToList());
        return AcquireAsync(
            new(verb, [.. accounts.Select(a => (a.VendorType, a.BaseUrl))]) { Wait = TimeSpan.Zero },
            clock,
            cancellation
        );
    }

    /// <summary>Reads who has the right to write to which account; a state file has no such rights.</summary>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public Task<ImmutableArray<AccountRight>> RightsAsync(CancellationToken cancellation) =>
        Database is PostgresDatabase server
            ? RunAsync(server.Rights, cancellation)
            : Task.FromResult(ImmutableArray<AccountRight>.Empty);

    /// <summary>The accounts that this process has the right to write to now, as it knows without asking.</summary>
    public IEnumerable<AccountRight> OwnRights => Database is PostgresDatabase server ? server.OwnRights : [];

    /// <summary>Whether a right to write is one to this state, and was not given back.</summary>
    public bool Gave(WriteRight right) => Database is PostgresDatabase server && server.Gave(right);

    /// <inheritdoc/>
    public void Dispose() =>
        // The gate is not disposed: callers that wait for it must get their turn, and find the file closed.
        Database.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    // Approvals are checked in each reconcile, so a known one must not cause a write.
    private int See(string approval, DateTimeOffset now) =>
        Connection.Number("SELECT count(*) FROM approvals WHERE approval = @approval", ("@approval", approval)) > 0
            ? 0
            : Connection.Run(
                """
                INSERT INTO approvals (approval, first_seen) VALUES (@approval, @now)
                ON CONFLICT (approval) DO NOTHING
                """,
                ("@approval", approval),
                ("@now", Sql.Time(now))
            );

    private StoredLedger Known(ProjectKey key, ProjectRow row)
    {
        if (_known.TryGetValue(key, out var known) && known.Version == row.Name)
            return known;
        return Remember(LedgerRows.Read(Connection, row.Id).Single());
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
            return LedgerRows.Read(Connection, row.Id).Single().Ledger!;
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

    /// <summary>Does something with the connection while nothing else does, and never a second time.</summary>
    /// <exception cref="LedgerException">It failed because of the state.</exception>
    internal T Alone<T>(Func<StateConnection, T> work)
    {
        _gate.Wait();
        try
        {
            return Translate(() =>
            {
                Database.EnsureUsable();
                return work(Connection);
            });
        }
        finally
        {
            _gate.Release();
        }
    }

    private StateConnection Connection => Database.Connection;

    private void EnsureWrites()
    {
        if (!Database.Writes)
            throw new InvalidOperationException($"{Database.Name} was opened to be read");
    }

    // Work that lost its connection has written nothing, and is done once more over another one.
    private T Guard<T>(Func<T> work) =>
        Translate(() =>
        {
            try
            {
                return work();
            }
            catch (Exception lost) when (Database.Recovers(lost))
            {
                return work();
            }
        });

    private T Translate<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (Database.Explain(failure) is { } why)
        {
            throw new LedgerException($"{Database.Name} {why}", failure);
        }
        catch (InvalidOperationException failure) when (!Connection.IsOpen)
        {
            throw new LedgerException(
                $"{Database.Name} is not open: the program is ending, or it could not be opened again",
                failure
            );
        }
    }
}
