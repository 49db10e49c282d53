using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reconciler.Testing.State;

/// <summary>
/// Passes bytes on between the program and a server on loopback, and cuts the connection once, at a statement that a
/// test names. New connections pass again.
/// </summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private volatile Armed? _armed;

    /// <summary>Listens.</summary>
    /// <param name="server">The port of the server.</param>
    public CuttingProxy(int server)
    {
        SpareThreads.Ensure();
        _server = server;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>The port of the proxy.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many times it has cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts the connection over which a statement is sent next.</summary>
    /// <param name="statement">A part of the statement.</param>
    /// <param name="cut">Where.</param>
    public void Arm(string statement, Cut cut) => _armed = new(Encoding.UTF8.GetBytes(statement), cut);

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
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var isCut = new TaskCompletionSource();
            var asks = AskAsync(client.GetStream(), server.GetStream(), isCut);
            var answers = AnswerAsync(server.GetStream(), client.GetStream(), isCut);
            await Task.WhenAny(asks, answers);
        }
    }

    private async Task AskAsync(NetworkStream from, NetworkStream to, TaskCompletionSource isCut)
    {
        var buffer = new byte[1 << 16];
        while (await ReadAsync(from, buffer) is > 0 and var count)
        {
            if (_armed is { } armed && buffer.AsSpan(0, count).IndexOf(armed.Statement) >= 0)
            {
                _armed = null;
                Cuts++;
                isCut.SetResult();
                if (armed.Cut == Cut.BeforeStatement)
                    return;
                await to.WriteAsync(buffer.AsMemory(0, count));
                // Long enough for the server to do it.
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task AnswerAsync(NetworkStream from, NetworkStream to, TaskCompletionSource isCut)
    {
        var buffer = new byte[1 << 16];
        while (await ReadAsync(from, buffer) is > 0 and var count)
        {
            if (isCut.Task.IsCompleted)
                await Task.Delay(
                    Timeout.InfiniteTimeSpan,
                    TimeProvider.System,
                    new CancellationTokenSource(5_000).Token
                );
            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private static async Task<int> ReadAsync(NetworkStream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private sealed record Armed(byte[] Statement, Cut Cut);
}
