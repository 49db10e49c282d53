using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Flurl.Http;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>Creates the HTTP client for all requests of one provider.</summary>
internal static class Transport
{
    private static readonly string Version = typeof(Transport)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+')[0];

    public static FlurlClient Create(ConnectionSettings settings)
    {
        var http = new HttpClient(settings.Around?.Invoke(Handler(settings)) ?? Handler(settings), disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new("reconciler", Version));
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        // This layer interprets statuses and refuses redirects; the timeout uses the injected clock.
        return new FlurlClient(http)
        {
            Settings =
            {
                Timeout = null,
                AllowedHttpStatusRange = "*",
                Redirects = { Enabled = false },
            },
        };
    }

    private static SocketsHttpHandler Handler(ConnectionSettings settings) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // The system's proxy is used, except for loopback, where no encryption would hide the token from it.
            UseProxy = !settings.BaseUrl.IsLoopback,
            AutomaticDecompression = DecompressionMethods.All,
            // Connections are closed regularly, so that a changed address of the vendor is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxConnectionsPerServer = settings.MaxConcurrency,
            // Trace ids of the host must not be sent to a vendor.
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = settings.CertificateAuthorities is { } pem ? TrustOnly(pem) : null,
            },
        };

    // Only the roots are replaced; name, dates and purpose of the vendor's certificate are still checked.
    private static X509ChainPolicy TrustOnly(string pem)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException broken)
        {
            throw new ProviderException(
                ProviderFault.Configuration,
                "the provider's certificate authorities cannot be read; expected PEM",
                broken
            );
        }

        if (policy.CustomTrustStore.Count > 0)
            return policy;
        throw new ProviderException(
            ProviderFault.Configuration,
            "the provider's certificate authorities hold no certificate; expected PEM"
        );
    }
}
