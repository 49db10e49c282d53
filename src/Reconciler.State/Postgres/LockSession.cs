using System.Globalization;
using Npgsql;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>
/// A session that holds locks. A heartbeat keeps it: the server ends a session of which it hears nothing for some time,
/// so that a process that died or froze keeps nobody out.
/// </summary>
internal sealed class LockSession : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresUrl _url;
    private readonly RightRules _rules;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Task _beating = Task.CompletedTask;
    private int _session;
    private volatile Answer _answered;
    private volatile bool _isLost;

    private LockSession(NpgsqlConnection connection, PostgresUrl url, RightRules rules, TimeProvider clock) =>
        (_connection, _url, _rules, _clock, _answered) = (
            connection,
            url,
            rules,
            clock,
            new(clock.GetTimestamp(), clock.GetUtcNow())
        );

    /// <summary>Whether the session ended without being asked to.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether the server surely keeps the session still.</summary>
    public bool IsFresh
    {
        get
        {
            // A machine that slept has a clock that went on, and a counter that may not have.
            var (timestamp, time) = _answered;
            return !_isLost
                && _clock.GetElapsedTime(timestamp) < _rules.Fresh
                && _clock.GetUtcNow() - time < _rules.Fresh;
        }
    }

    /// <summary>Connects, and begins the heartbeat.</summary>
    public static async Task<LockSession> OpenAsync(
        PostgresServer server,
        RightRules rules,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var connection = await server.ConnectToLockAsync(rules.Idle, cancellation);
        var session = new LockSession(connection, server.Url, rules, clock);
        try
        {
            session._session = await session.AskAsync<int>("SELECT pg_backend_pid()", cancellation);
            session._beating = Task.Run(session.BeatAsync, CancellationToken.None);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Asks for one value.</summary>
    /// <param name="query">The query; its parameters are named <c>@a</c>, <c>@b</c> and so on.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="parameters">The values of its parameters.</param>
    public async Task<T> AskAsync<T>(
        string query,
        CancellationToken cancellation,
        params IReadOnlyList<object> parameters
    )
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // The time before the question counts: the server waits from its answer on, not from its arrival here.
            var asked = new Answer(_clock.GetTimestamp(), _clock.GetUtcNow());
            await using var command = _connection.CreateCommand();
            command.CommandText = query;
            command.CommandTimeout = (int)Math.Ceiling(_rules.Idle.TotalSeconds);
            for (var i = 0; i < parameters.Count; i++)
                command.Parameters.AddWithValue(
                    string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + i)}"),
                    parameters[i]
                );
            var answer = (T)(await command.ExecuteScalarAsync(cancellation))!;
            _answered = asked;
            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops the heartbeat; what is asked afterwards must end soon.</summary>
    public void Stop()
    {
        _ended.Cancel();
        _beating.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _connection.Dispose();
        _turn.Dispose();
        _ended.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_rules.Heartbeat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                // A proxy that gave the session to somebody else has given away the lock with it.
                if (await AskAsync<int>("SELECT pg_backend_pid()", CancellationToken.None) != _session)
                    throw new LedgerException($"{_url} answers from another session than the one with the lock");
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // It is given back.
        }
        catch (Exception failure) when (failure is LedgerException or NpgsqlException or InvalidOperationException)
        {
            _isLost = true;
        }
    }

    private sealed record Answer(long Timestamp, DateTimeOffset Time);
}
