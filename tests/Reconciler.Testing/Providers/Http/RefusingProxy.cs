using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reconciler.Testing.Providers.Http;

/// <summary>
/// A proxy that refuses every tunnel. It is the default of this process for one host that exists nowhere, so that tests
/// that run beside are not sent through it.
/// </summary>
public sealed class RefusingProxy : IWebProxy, IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IWebProxy _before = HttpClient.DefaultProxy;
    private readonly string _host;
    private readonly int _status;

    /// <summary>Listens, and becomes the default.</summary>
    /// <param name="host">The host that is reached through it.</param>
    /// <param name="status">What it answers.</param>
    public RefusingProxy(string host, int status)
    {
        (_host, _status) = (host, status);
        _listener.Start();
        _ = ServeAsync();
        HttpClient.DefaultProxy = this;
    }

    /// <summary>Its address, as messages show it.</summary>
    public string Shown => $"http://127.0.0.1:{Port}";

    /// <summary>What it was asked.</summary>
    public string Asked { get; private set; } = "";

    public ICredentials? Credentials { get; set; } = new NetworkCredential("ana", "p@ss-w0rd");

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? _before.GetProxy(destination) : new(Shown);

    public bool IsBypassed(Uri host) => host.Host != _host && _before.IsBypassed(host);

    /// <summary>Nobody listens any more, and it stays the default.</summary>
    public void Stop() => _listener.Stop();

    public void Dispose()
    {
        HttpClient.DefaultProxy = _before;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        var login = _status == 407 ? "Proxy-Authenticate: Basic realm=\"x\"\r\n" : "";
        var answer = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {_status} No\r\n{login}Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var buffer = new byte[8192];
                var read = await client.GetStream().ReadAsync(buffer);
                Asked += Encoding.ASCII.GetString(buffer, 0, read);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or IOException)
            {
                if (ended is not IOException)
                    return;
            }
        }
    }
}
