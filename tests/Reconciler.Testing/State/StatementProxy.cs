using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Reconciler.Testing.State;

/// <summary>
/// Passes statements on between programs and a PostgreSQL on loopback. It counts them, and cuts a connection or lets
/// all stand still before or after the one that a test names. What is sent together up to a Sync is one statement: the
/// server answers it as a whole. Heartbeats come by the clock and are not counted.
/// </summary>
public sealed class StatementProxy : IDisposable
{
    // A connection's first one is a question like any other; those that repeat it are heartbeats.
    private const string Heartbeat = "SELECT pg_backend_pid()";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly Lock _gate = new();
    private readonly List<SeenStatement> _seen = [];
    private TaskCompletionSource _reached = Source();
    private StatementPoint? _point;
    private AtPoint _does;
    private Func<Cut?>? _chance;

    // Each count is an era, and connections belong to the one in which they were made.
    private int _era;

    // Connections of this era and of those before it stand still for good.
    private int _still = -1;
    private int _connections;
    private long _bytes;
    private int _cuts;

    /// <summary>Listens.</summary>
    /// <param name="server">The port of the server.</param>
    public StatementProxy(int server)
    {
        SpareThreads.Ensure();
        _server = server;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The port of the proxy.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The bytes of both directions since the count began.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many connections it has cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The statements since the count began.</summary>
    public ImmutableArray<SeenStatement> Seen
    {
        get
        {
            lock (_gate)
                return [.. _seen];
        }
    }

    /// <summary>Begins the count anew, and does something at a point of it.</summary>
    /// <param name="point">The point; null for none.</param>
    /// <param name="does">What it does there.</param>
    /// <returns>Completes once the point is reached.</returns>
    public Task StopAt(StatementPoint? point, AtPoint does = AtPoint.CutsOff)
    {
        lock (_gate)
        {
            _seen.Clear();
            _bytes = 0;
            _connections = 0;
            _era++;
            (_point, _does) = (point, does);
            _reached = Source();
            return _reached.Task;
        }
    }

    /// <summary>Cuts connections by chance from now on.</summary>
    /// <param name="chance">Asked at each statement; null ends it.</param>
    public void CutBy(Func<Cut?>? chance)
    {
        lock (_gate)
            _chance = chance;
    }

    /// <summary>Lets new connections pass; those that stand still never go on.</summary>
    public void Open()
    {
        lock (_gate)
            (_point, _era) = (null, _era + 1);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => PassAsync(client));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        {
            using var server = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server);
                await new Passage(this, client.GetStream(), server.GetStream()).RunAsync();
            }
            catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
            {
                // One of both is gone, and the other hears it.
            }
        }
    }

    private void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);

    private bool StandsStill(int era)
    {
        lock (_gate)
            return era <= _still;
    }

    private int Era
    {
        get
        {
            lock (_gate)
                return _era;
        }
    }

    // What becomes of a statement that is about to be passed on. A connection has its number from its first one of the
    // count: some only ask for encryption.
    private Cut? See(ref (int Era, int Connection, int Number) place, string text)
    {
        lock (_gate)
        {
            if (place.Era != _era)
                place = (_era, ++_connections, 0);
            place.Number++;
            _seen.Add(new(place.Connection, place.Number, text));
            if (_point is { } point && (point.Connection, point.Statement) == (place.Connection, place.Number))
                return point.Cut;
            return _chance?.Invoke();
        }
    }

    /// <returns>Whether the connection ends.</returns>
    private bool Reach()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _cuts);
            if (_does == AtPoint.StandsStill)
                _still = _era;
            _point = null;
            _reached.TrySetResult();
            return _does == AtPoint.CutsOff;
        }
    }

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One connection.</summary>
    private sealed class Passage(StatementProxy proxy, NetworkStream client, NetworkStream server)
    {
        private readonly PostgresWire _asks = new(client);
        private readonly PostgresWire _answers = new(server);
        private readonly int _era = proxy.Era;
        private (int Era, int Connection, int Number) _place = (-1, 0, 0);

        // How many statements came, and from which one on the program hears no answer.
        private int _sent;
        private volatile int _unheard = int.MaxValue;
        private bool _hasBeaten;

        public async Task RunAsync()
        {
            if (!await StartAsync())
                return;
            await await Task.WhenAny(AskAsync(), AnswerAsync());
        }

        private async Task<bool> StartAsync()
        {
            while (await _asks.ReadStartAsync() is { } start)
            {
                await server.WriteAsync(start.Message);
                if (!start.IsQuestion)
                    return true;
                if (await _answers.ReadByteAsync() is not { } answer)
                    return false;
                await client.WriteAsync(answer);
            }

            return false;
        }

        private async Task AskAsync()
        {
            using var together = new MemoryStream();
            string? text = null;
            while (await _asks.ReadMessageAsync() is { } message)
            {
                together.Write(message);
                // Each is asked, since it may give a statement its name.
                var statement = _asks.StatementOf(message);
                text ??= statement;
                var type = (char)message[0];
                if (type is 'P' or 'B' or 'D' or 'E' or 'C')
                    continue;
                if (type is 'S' or 'Q' && !GoesOn(text ?? ""))
                    return;
                if (!proxy.StandsStill(_era))
                {
                    proxy.Count((int)together.Length);
                    await server.WriteAsync(together.GetBuffer().AsMemory(0, (int)together.Length));
                }

                together.SetLength(0);
                text = null;
            }
        }

        private bool GoesOn(string text)
        {
            var isHeartbeat = text == Heartbeat && _hasBeaten;
            _hasBeaten |= text == Heartbeat;
            _sent++;
            var cut = isHeartbeat ? null : proxy.See(ref _place, text);
            if (cut == Cut.BeforeAnswer)
                _unheard = _sent;
            return cut != Cut.BeforeStatement || !proxy.Reach();
        }

        private async Task AnswerAsync()
        {
            // The first time that the server is ready, it has answered no statement yet.
            var ready = -1;
            while (await _answers.ReadMessageAsync() is { } message)
            {
                var isReady = (char)message[0] == 'Z';
                if (isReady)
                    ready++;
                if (ready + (isReady ? 0 : 1) >= _unheard)
                {
                    if (isReady && proxy.Reach())
                        return;
                    continue;
                }

                if (proxy.StandsStill(_era))
                    continue;
                proxy.Count(message.Length);
                await client.WriteAsync(message);
            }
        }
    }
}
