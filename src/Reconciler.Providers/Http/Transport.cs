using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Flurl.Http;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>Makes the client below all requests of one provider.</summary>
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
        // Statuses are judged and redirects refused by this layer; the timeout runs on the injected clock.
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
            // The system's proxy is honoured, but not on the way to this machine: no encryption would hide the token
            // from it there.
            UseProxy = !settings.BaseUrl.IsLoopback,
            AutomaticDecompression = DecompressionMethods.All,
            // Connections are given up now and then, so that a changed address of the vendor is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxConnectionsPerServer = settings.MaxConcurrency,
            // Where the host traces, the ids of its spans are no business of a vendor.
            ActivityHeadersPropagator = null,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = settings.CertificateAuthorities is { } pem ? TrustOnly(pem) : null,
            },
        };

    // Only the roots are replaced: the name, the dates and the purpose of the vendor's certificate are still checked.
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
