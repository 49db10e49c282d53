using System.Data;
using Npgsql;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>Makes connections to a database of PostgreSQL, each with the settings that a state needs.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const int OldestVersion = 14;

    private const string Always = """
        SET client_min_messages = warning;
        SET idle_in_transaction_session_timeout = '6s';
        SET lock_timeout = '10s';
        SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local');
        """;

    private readonly NpgsqlDataSource _source;

    // Said in a statement, since proxies drop what a connection says at its beginning. The name is checked where the
    // URL is parsed; SET takes no parameter.
    private string Settings => $"SET search_path = \"{Url.Schema}\"; {Always}";

    /// <summary>Prepares connections; nothing is connected yet.</summary>
    /// <exception cref="LedgerException">The password cannot be read.</exception>
    public PostgresServer(PostgresUrl url)
    {
        Url = url;
        var builder = new NpgsqlSlimDataSourceBuilder(url.Settings().ConnectionString);
        builder.EnableTransportSecurity();
        _source = builder.Build();
    }

    /// <summary>Where it is.</summary>
    public PostgresUrl Url { get; }

    /// <summary>Connects.</summary>
    /// <param name="writes">Whether the connection writes; otherwise the server refuses every write.</param>
    public StateConnection Connect(bool writes)
    {
        var connection = _source.OpenConnection();
        try
        {
            var opened = new StateConnection(
                connection,
                w => connection.BeginTransaction(w ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead)
            );
            Check(connection);
            opened.Run(writes ? Settings : $"{Settings} SET default_transaction_read_only = on");
            return opened;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects for a lock, which ends when the server hears nothing of this program for some time.</summary>
    /// <param name="idle">For how long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<NpgsqlConnection> ConnectToLockAsync(TimeSpan idle, CancellationToken cancellation)
    {
        var connection = await _source.OpenConnectionAsync(cancellation);
        try
        {
            Check(connection);
            var milliseconds = (int)idle.TotalMilliseconds;
            await using var command = connection.CreateCommand();
            // A number of this program; SET takes no parameter.
            command.CommandText = $"""
                {Settings}
                SET idle_session_timeout = {milliseconds};
                SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;
                SET tcp_user_timeout = {milliseconds};
                """;
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private void Check(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion)
            throw new LedgerException(
                $"{Url} is PostgreSQL {connection.PostgreSqlVersion.ToString(2)}; expected {OldestVersion} or newer"
            );
        if (connection.PostgresParameters.GetValueOrDefault("server_encoding") is { } encoding and not "UTF8")
            throw new LedgerException($"{Url} stores text as {encoding}; expected a database with the encoding UTF8");
    }
}
