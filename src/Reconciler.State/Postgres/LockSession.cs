using System.Globalization;
using Npgsql;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>
/// A session that holds locks. Once kept, a heartbeat goes on until it is stopped: the server ends a session of which
/// it hears nothing for some time, so that a process that died or froze keeps nobody out. Between two heartbeats it
/// listens: if the server ends the session, the program knows at once.
/// </summary>
internal sealed class LockSession : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly PostgresUrl _url;
    private readonly RightRules _rules;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
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

    /// <summary>Connects.</summary>
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
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Asks for one value; never while the heartbeat goes on.</summary>
    /// <param name="query">The query; its parameters are named <c>@a</c>, <c>@b</c> and so on.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="parameters">The values of its parameters.</param>
    public async Task<T> AskAsync<T>(
        string query,
        CancellationToken cancellation,
        params IReadOnlyList<object> parameters
    )
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

    /// <summary>Calls something at each notification of a channel, from any thread; it must return at once.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="onNotified">What is called.</param>
    /// <param name="cancellation">Ends the wait for the server.</param>
    public async Task ListenAsync(string channel, Action onNotified, CancellationToken cancellation)
    {
        _connection.Notification += (_, notified) =>
        {
            if (notified.Channel == channel)
                onNotified();
        };
        await using var command = _connection.CreateCommand();
        command.CommandText = $"LISTEN {channel}";
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Begins the heartbeat.</summary>
    /// <param name="onLost">Called once from any thread if the session is lost; it must return at once.</param>
    public void Keep(Action? onLost) => _beating = Task.Run(() => BeatAsync(onLost), CancellationToken.None);

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
        _ended.Dispose();
    }

    private async Task BeatAsync(Action? onLost)
    {
        try
        {
            while (!_ended.IsCancellationRequested)
            {
                // A proxy that gave the session to somebody else has given away the lock with it.
                if (await AskAsync<int>("SELECT pg_backend_pid()", CancellationToken.None) != _session)
                    throw new LedgerException($"{_url} answers from another session than the one with the lock");
                await HearAsync();
            }
        }
        catch (Exception)
        {
            // Whatever it is, nobody can say any more that the session is there.
            _isLost = true;
            onLost?.Invoke();
        }
    }

    // Reads what the server says by itself, such as that it ends the session, until the next heartbeat is due.
    private async Task HearAsync()
    {
        using var due = new CancellationTokenSource(_rules.Heartbeat, _clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(due.Token, _ended.Token);
        try
        {
            while (true)
                await _connection.WaitAsync(_rules.Heartbeat, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The wait is over; the connection can be used as before.
        }
    }

    private sealed record Answer(long Timestamp, DateTimeOffset Time);
}
