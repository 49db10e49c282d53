using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reconciler.Kubernetes.Tests.Servers;

/// <summary>An HTTP proxy that opens tunnels and remembers what it was asked.</summary>
internal sealed class TunnelProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TunnelProxy()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Seen { get; private set; } = "";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            if (await AskedAsync(stream) is not { } asked)
                continue;
            Seen += asked;
            // The runtime sends its password only when asked for it.
            if (!asked.Contains("Proxy-Authorization", StringComparison.OrdinalIgnoreCase))
            {
                await stream.WriteAsync(
                    (
                        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n"u8
                        + "Connection: close\r\n\r\n"u8
                    ).ToArray()
                );
                continue;
            }

            using var target = new TcpClient();
            await target.ConnectAsync(
                IPAddress.Loopback,
                int.Parse(asked.Split(' ')[1].Split(':')[1], CultureInfo.InvariantCulture)
            );
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            await Task.WhenAny(stream.CopyToAsync(target.GetStream()), target.GetStream().CopyToAsync(stream));
        }
    }

    private static async Task<string?> AskedAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                return null;
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
