using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>
/// A state in PostgreSQL, over one connection that is made again when it is lost. A save takes the row of its account
/// in <c>rights</c> first, so that savers of one account take turns, and fails where somebody took the right to write
/// since.
/// </summary>
internal sealed class PostgresDatabase : IStateDatabase
{
    // Asked more often, the server would answer as many pings as statements.
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string VendorType, string BaseUrl), HeldRight> _rights = new();
    private string _id = "";
    private long _pinged;

    // The transaction under way, as the server numbers it, and the one whose commit was not answered.
    private string? _transaction;
    private string? _doubted;
    private bool _isRolledBack;
    private bool _isDisposed;

    private PostgresDatabase(PostgresServer server, StateConnection connection, bool writes) =>
        (Server, Connection, Writes) = (server, connection, writes);

    /// <inheritdoc/>
    public string Name => Url.ToString();

    /// <inheritdoc/>
    public bool Writes { get; }

    /// <inheritdoc/>
    public StateConnection Connection { get; private set; }

    /// <inheritdoc/>
    public bool IsInPlace { get; private set; } = true;

    /// <summary>Where it is.</summary>
    public PostgresUrl Url => Server.Url;

    /// <summary>The server, for connections of their own.</summary>
    public PostgresServer Server { get; }

    /// <summary>Opens a state to write, and makes or migrates its tables.</summary>
    /// <exception cref="LedgerException">It cannot be used.</exception>
    public static PostgresDatabase OpenOrCreate(PostgresUrl url, PostgresSchema schema) =>
        Open(
            url,
            writes: true,
            database =>
            {
                schema.Migrate(database.Connection, url);
                PostgresSchema.EnsureWritable(database.Connection, url);
                return true;
            }
        )!;

    /// <summary>Opens a state to read; the server refuses every write of this connection.</summary>
    /// <returns>The state; null where there is none.</returns>
    /// <exception cref="LedgerException">It cannot be used.</exception>
    public static PostgresDatabase? OpenExisting(PostgresUrl url, PostgresSchema schema) =>
        Open(
            url,
            writes: false,
            database =>
            {
                var version = schema.VersionOf(database.Connection, url);
                if (version > 0)
                    schema.EnsureNewest(version, url);
                return version > 0;
            }
        );

    /// <summary>The accounts that this process has the right to write to now.</summary>
    public IEnumerable<AccountRight> OwnRights =>
        _rights
            .Where(r => r.Value.Right.IsFresh)
            .Select(r => new AccountRight(r.Key.VendorType, r.Key.BaseUrl, RightUse.Own, r.Value.Holder));

    /// <summary>Saves in an account are refused from now on once the right to write was taken a further time.</summary>
    /// <param name="account">The account.</param>
    /// <param name="right">The right, and how often it was taken, this time included.</param>
    public void Hold((string VendorType, string BaseUrl) account, HeldRight right) => _rights[account] = right;

    /// <summary>Nothing may be written in an account any more, unless another right was taken since.</summary>
    public void LetGo((string VendorType, string BaseUrl) account, WriteRight right)
    {
        if (_rights.TryGetValue(account, out var held) && held.Right == right)
            _rights.TryRemove(new(account, held));
    }

    /// <summary>Whether a right is one to this state.</summary>
    public bool Gave(WriteRight right) => _rights.Values.Any(r => r.Right == right);

    /// <inheritdoc/>
    public string? Objection((string VendorType, string BaseUrl) account)
    {
        if (!_rights.TryGetValue(account, out var held))
            return $"{Url}: this run has no right to write to {account.VendorType} {account.BaseUrl}";
        return held.Right.IsFresh
            ? null
            : $"{Url} did not answer for some seconds, so another process may have the right to write by now";
    }

    /// <inheritdoc/>
    public string? Explain(Exception failure) => PostgresErrors.Explain(Url, failure, Writes);

    /// <inheritdoc/>
    public bool Recovers(Exception failure)
    {
        var isLost = PostgresErrors.IsLost(failure) || (failure is InvalidOperationException && !Connection.IsOpen);
        if (!isLost || _isDisposed)
            return false;
        try
        {
            Reconnect();
            return true;
        }
        catch (Exception unreachable) when (PostgresErrors.IsLost(unreachable))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void EnsureUsable()
    {
        if (!Connection.IsOpen)
            Reconnect();
    }

    /// <inheritdoc/>
    public string? FindLoss()
    {
        if (Connection.IsOpen && IsInPlace && _pinged > 0 && Stopwatch.GetElapsedTime(_pinged) < PingEvery)
            return null;
        try
        {
            EnsureUsable();
            IsInPlace = StateIdentity.Of(Connection) == _id;
            _pinged = Stopwatch.GetTimestamp();
            return IsInPlace ? null : $"another state lies at {Url} than the one that was in use";
        }
        catch (Exception failure) when (Explain(failure) is { } why)
        {
            return $"{Url} {why}";
        }
    }

    /// <inheritdoc/>
    public void Fence(IEnumerable<ProjectKey> projects)
    {
        // In one order for everybody, so that no two wait for each other.
        var accounts = projects.Select(p => (p.VendorType, p.BaseUrl)).Distinct();
        foreach (var account in accounts.OrderBy(a => $"{a.VendorType}\n{a.BaseUrl}", StringComparer.Ordinal))
        {
            var epoch = EpochOf(account);
            if (_rights.TryGetValue(account, out var own) && own.Epoch != epoch)
                throw new LedgerException(
                    $"{Url}: another process has taken the right to write to {account.VendorType} {account.BaseUrl}; "
                        + "nothing more is saved, so nothing more is sent to it"
                );
        }

        _transaction = Connection.Rows("SELECT pg_current_xact_id()::text", r => r.GetString(0))[0];
    }

    /// <inheritdoc/>
    public Exception? Commit(StateTransaction transaction)
    {
        try
        {
            transaction.Commit();
            return null;
        }
        catch (Exception lost) when (PostgresErrors.IsLost(lost) && _transaction is not null)
        {
            _doubted = _transaction;
            if (!Recovers(lost) || _doubted is not null)
                return new LedgerException(
                    $"{Url} cannot be reached: the connection was lost while it saved, and whether it has saved is not "
                        + "known; the next run finds out",
                    lost
                );
            return TakeRolledBack()
                ? throw new LedgerException($"{Url} {Explain(lost)}. Nothing was saved", lost)
                : null;
        }
    }

    /// <inheritdoc/>
    public bool TakeRolledBack()
    {
        var was = _isRolledBack;
        _isRolledBack = false;
        return was;
    }

    /// <summary>Reads who has the right to write to which account.</summary>
    public ImmutableArray<AccountRight> Rights() =>
        RightRows.Read(
            Connection,
            Url.Schema,
            account => _rights.TryGetValue(account, out var held) && held.Right.IsHeld
        );

    /// <inheritdoc/>
    public void Shred() => PostgresSchema.Shred(Connection, Url);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Connection.Dispose();
        Server.Dispose();
    }

    private static PostgresDatabase? Open(PostgresUrl url, bool writes, Func<PostgresDatabase, bool> prepare)
    {
        var server = new PostgresServer(url);
        PostgresDatabase? database = null;
        try
        {
            database = new(server, server.Connect(writes), writes);
            PoolerCheck.Refuse(server, database.Connection);
            if (prepare(database))
            {
                database._id = StateIdentity.Of(database.Connection);
                return database;
            }

            database.Dispose();
            return null;
        }
        catch (Exception failure)
        {
            database?.Dispose();
            server.Dispose();
            if (PostgresErrors.Explain(url, failure, writes) is { } why)
                throw new LedgerException($"{url} {why}", failure);
            throw;
        }
    }

    private void Reconnect()
    {
        Connection.Dispose();
        Connection = Server.Connect(Writes);
        if (_doubted is not { } doubted)
            return;
        // The old session may still be at it. It ends soon: the server sees the closed connection.
        var status = StatusOf(doubted);
        for (var tries = 0; status == "in progress" && tries < 20; tries++)
        {
            Connection.Run("SELECT pg_sleep(0.1)");
            status = StatusOf(doubted);
        }

        if (status is "committed" or "aborted")
            (_doubted, _isRolledBack) = (null, status == "aborted");
    }

    private string? StatusOf(string transaction) =>
        Connection.Rows("SELECT pg_xact_status(@id::text::xid8)", r => r.Text(0), ("@id", transaction))[0];

    private long EpochOf((string VendorType, string BaseUrl) account)
    {
        if (Read() is { } known)
            return known;
        Connection.Run(
            """
            INSERT INTO rights (vendor_type, base_url, epoch) VALUES (@type, @url, 0)
            ON CONFLICT (vendor_type, base_url) DO NOTHING
            """,
            ("@type", account.VendorType),
            ("@url", account.BaseUrl)
        );
        return Read()!.Value;

        long? Read() =>
            Connection
                .Rows(
                    "SELECT epoch FROM rights WHERE vendor_type = @type AND base_url = @url FOR NO KEY UPDATE",
                    r => (long?)r.GetInt64(0),
                    ("@type", account.VendorType),
                    ("@url", account.BaseUrl)
                )
                .FirstOrDefault();
    }
}
