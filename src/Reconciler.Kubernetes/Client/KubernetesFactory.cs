using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Reconciler.Kubernetes.Configuration;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// Creates the package's clients. Which server gets the token is decided here and not by the package: trust, redirects,
/// proxies and the TLS name are set on its handler, and its own settings for them stay empty.
/// </summary>
internal static class KubernetesFactory
{
    /// <summary>
    /// Creates a client that uses these certificates. Open connections keep the certificates they were opened with.
    /// </summary>
    public static k8s.Kubernetes Create(
        ClusterConnection connection,
        ClientOptions options,
        X509Certificate2Collection? certificates
    )
    {
        var server = new Uri(connection.Server.AbsoluteUri.TrimEnd('/') + "/");
        var configuration = new KubernetesClientConfiguration
        {
            Host = server.AbsoluteUri,
            UserAgent = options.UserAgent,
            TokenProvider = new CredentialHeader(connection.Credentials),
            // With a custom CA the package does not check the host name, so any certificate of the cluster would get
            // the token.
            SslCaCerts = null,
            FirstMessageHandlerSetup = handler => SetUp(handler, connection, options, certificates),
            // The timeout uses the clock in the options and covers the whole answer.
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
        };
        ClientJson.Prepare(configuration, options.Types);
        var kubernetes = new k8s.Kubernetes(configuration, new AnswerHandler(server, options));
        kubernetes.HttpClient.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return kubernetes;
    }

    private static void SetUp(
        SocketsHttpHandler handler,
        ClusterConnection connection,
        ClientOptions options,
        X509Certificate2Collection? certificates
    )
    {
        var tls = Tls(connection, certificates);
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        handler.ConnectTimeout = options.ConnectTimeout;
        handler.ConnectCallback = new Dialer(connection, options, tls).ConnectAsync;
        handler.EnableMultipleHttp2Connections = true;
        // The package's default is a ping after three minutes, and another half minute to notice a dead connection.
        handler.KeepAlivePingDelay = options.KeepAliveDelay;
        handler.KeepAlivePingTimeout = options.KeepAliveTimeout;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.SslOptions = tls;
        // Like kubectl, a proxy from the environment is not used for loopback. With a custom TLS name, the dialer opens
        // the tunnel itself.
        var isDirect = connection.Proxy is null && connection.Server.IsLoopback;
        if (isDirect || connection.TlsServerName is not null)
            handler.UseProxy = false;
        else if (connection.Proxy is { } proxy)
            handler.Proxy = Through(proxy);
    }

    [SuppressMessage(
        "Security",
        "CA5359:Do not disable certificate validation",
        Justification = "Only where the kubeconfig says insecure-skip-tls-verify."
    )]
    private static SslClientAuthenticationOptions Tls(
        ClusterConnection connection,
        X509Certificate2Collection? certificates
    )
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = connection.TlsServerName,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (connection.TlsServerName is not null)
            tls.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        if (certificates is not null)
        {
            var between = new X509Certificate2Collection(certificates.Skip(1).ToArray());
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificates[0], between, offline: true);
        }

        if (connection.SkipTlsVerify)
        {
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (connection.Authorities is { } trusted)
        {
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                trusted.Trust(certificate, chain, errors);
        }

        return tls;
    }

    private static WebProxy Through(Uri proxy)
    {
        var address = new Uri(proxy.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped));
        var through = new WebProxy(address);
        if (proxy.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest])
        {
            var password = Uri.UnescapeDataString(string.Concat(rest));
            through.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), password);
        }

        return through;
    }
}
