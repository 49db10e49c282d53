using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Sends requests with the credential that holds now, and once more with another after a 401 (which says that nothing was done). Follows no
/// redirect: a token goes to the server it is for.
/// </summary>
internal sealed class Transport(ClusterConnection connection, ClientOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Uri _base = new(connection.Server.AbsoluteUri.TrimEnd('/') + "/");
    private (X509Certificate2Collection? Certificates, HttpMessageInvoker Invoker)? _current;
    private bool _disposed;

    /// <summary>Sends a request up to the head of its answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? type, CancellationToken cancellation)
    {
        for (var again = true; ; again = false)
        {
            var credential = await connection.Credentials.GetAsync(cancellation);
            using var request = Request(method, path, body, type, credential);
            var response = await Invoker(credential.Certificates).SendAsync(request, cancellation);
            if (response.StatusCode != HttpStatusCode.Unauthorized || !connection.Credentials.Refuse(credential) || !again) return response;
            response.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _current?.Invoker.Dispose();
            _current = null;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? type, Credential credential)
    {
        var request = new HttpRequestMessage(method, new Uri(_base, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        request.Headers.Accept.Add(new("application/json"));
        if (credential.Authorization is { } authorization) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is { } bytes) request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type!) } };
        return request;
    }

    // A connection keeps the certificate it was opened with, so another certificate needs other connections. The ones before end with their
    // requests; nothing in flight is broken off.
    private HttpMessageInvoker Invoker(X509Certificate2Collection? certificates)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_current is not { } current || current.Certificates != certificates) _current = current = (certificates, new(Handler(certificates)));
            return current.Invoker;
        }
    }

    private SocketsHttpHandler Handler(X509Certificate2Collection? certificates)
    {
        var tls = Tls(certificates);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = new Dialer(connection, options, tls).ConnectAsync,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = options.KeepAliveDelay,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            SslOptions = tls,
        };
        // As kubectl: a proxy from the environment is not for this very machine. With a name of its own for TLS, the dialer tunnels itself.
        if (connection.TlsServerName is not null || (connection.Proxy is null && connection.Server.IsLoopback)) handler.UseProxy = false;
        else if (connection.Proxy is { } proxy) handler.Proxy = Through(proxy);
        return handler;
    }

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "Only where the kubeconfig says insecure-skip-tls-verify.")]
    private SslClientAuthenticationOptions Tls(X509Certificate2Collection? certificates)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = connection.TlsServerName, CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (connection.TlsServerName is not null) tls.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        if (certificates is not null) tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificates[0], [.. certificates.Skip(1)], offline: true);
        if (connection.SkipTlsVerify) tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (connection.Authorities is { } trusted) tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trusted.Trust(certificate, chain, errors);
        return tls;
    }

    private static WebProxy Through(Uri proxy)
    {
        var through = new WebProxy(new Uri(proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)));
        if (proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
            through.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Concat(rest)));
        return through;
    }
}
