using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Opens connections. TCP keep-alive is enabled on all of them, since only HTTP/2 has pings. Where the certificate has
/// another name than the host, TLS is done here too: the runtime's handler replaces <c>SslOptions.TargetHost</c> with
/// the host or the Host header, and a proxy would not understand another Host header.
/// </summary>
internal sealed class Dialer(ClusterConnection connection, ClientOptions options, SslClientAuthenticationOptions tls)
{
    private const int LongestAnswer = 8 * 1024;
    private const int Probes = 3;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var named = connection.TlsServerName is not null && connection.Server.Scheme == Uri.UriSchemeHttps;
        var proxy = named ? connection.Proxy ?? OfEnvironment() : null;
        var target = proxy is null ? context.DnsEndPoint : new(proxy.IdnHost, proxy.Port);
        var stream = await OpenAsync(target, cancellation);
        if (!named)
            return stream;
        try
        {
            if (proxy is not null)
                await TunnelAsync(stream, proxy, context.DnsEndPoint, cancellation);
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(tls, cancellation);
            return secure;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    // As the runtime's handler does by itself where the certificate has the name of the host.
    private Uri? OfEnvironment()
    {
        if (connection.Server.IsLoopback || HttpClient.DefaultProxy.GetProxy(connection.Server) is not { } proxy)
            return null;
        if (HttpClient.DefaultProxy.Credentials?.GetCredential(proxy, "Basic") is not { UserName.Length: > 0 } login)
            return proxy;
        return new UriBuilder(proxy)
        {
            UserName = Uri.EscapeDataString(login.UserName),
            Password = Uri.EscapeDataString(login.Password),
        }.Uri;
    }

    private async Task<NetworkStream> OpenAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            const SocketOptionLevel Tcp = SocketOptionLevel.Tcp;
            var pause = options.KeepAliveTimeout / Probes;
            socket.SetSocketOption(Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(options.KeepAliveDelay));
            socket.SetSocketOption(Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(pause));
            socket.SetSocketOption(Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            await socket.ConnectAsync(target, cancellation);
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task TunnelAsync(
        NetworkStream stream,
        Uri proxy,
        DnsEndPoint target,
        CancellationToken cancellation
    )
    {
        if (proxy.Scheme != Uri.UriSchemeHttp)
            throw new HttpRequestException("tls-server-name goes with a proxy of http:// only");
        var shown = $"{proxy.Scheme}://{proxy.Authority}";
        var host = target.Host.Contains(':', StringComparison.Ordinal) ? $"[{target.Host}]" : target.Host;
        var (at, user) = ($"{host}:{target.Port}", Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxy.UserInfo)));
        var login = user.Length > 0 ? $"Proxy-Authorization: Basic {Convert.ToBase64String(user)}\r\n" : "";
        var request = $"CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n{login}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation);
        var answer = new StringBuilder();
        var one = new byte[1];
        // Read byte by byte, since everything after the empty line belongs to TLS.
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (answer.Length > LongestAnswer || await stream.ReadAsync(one, cancellation) == 0)
                throw new HttpRequestException($"the proxy {shown} gave no answer that can be read");
            answer.Append((char)one[0]);
        }

        var status = answer.ToString().Split(' ', 3).ElementAtOrDefault(1);
        if (status != "200")
            throw new HttpRequestException($"the proxy {shown} answered {status} when asked to connect to {at}");
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds);
}
