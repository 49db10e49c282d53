using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Reconciler.Kubernetes.Tests.Servers;

/// <summary>
/// Passes bytes on, until a connection is frozen: both sides stay open, and nothing comes through any more, as when a
/// router forgot it.
/// </summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _alive = new();
    private readonly int _target;

    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Freezes the connection that the target sees coming from this port.</summary>
    public void Freeze(int port)
    {
        if (_alive.TryRemove(port, out var alive))
            alive.Cancel();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync();
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        var server = new TcpClient();
        var alive = new CancellationTokenSource();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var port = ((IPEndPoint)server.Client.LocalEndPoint!).Port;
            _alive[port] = alive;
            await Task.WhenAny(
                client.GetStream().CopyToAsync(server.GetStream(), alive.Token),
                server.GetStream().CopyToAsync(client.GetStream(), alive.Token)
            );
            if (alive.IsCancellationRequested)
            {
                // The target learns nothing either; its side is closed when the client gives up.
                await Task.WhenAny(WaitForEndAsync(client), Task.Delay(TimeSpan.FromMinutes(2)));
            }
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    private static async Task WaitForEndAsync(TcpClient client)
    {
        var ignored = new byte[1024];
        while (await client.GetStream().ReadAsync(ignored) > 0) { }
    }
}
