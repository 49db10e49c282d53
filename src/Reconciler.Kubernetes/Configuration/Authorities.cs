using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>
/// The authorities that may sign the server's certificate. No others are trusted, not even those of the machine. A file
/// is read again every minute, so that a rotated authority is trusted without a restart.
/// </summary>
public sealed class Authorities
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly string? _file;
    private readonly TimeProvider _clock;
    private X509Certificate2Collection _roots;
    private long _readAt;

    private Authorities(string? file, X509Certificate2Collection roots, TimeProvider clock) =>
        (_file, _roots, _clock, _readAt) = (file, roots, clock, clock.GetTimestamp());

    /// <summary>Reads authorities from text.</summary>
    /// <param name="pem">One or more certificates in PEM form.</param>
    /// <exception cref="ConfigurationException">The text contains no certificate.</exception>
    public static Authorities FromPem(string pem) =>
        new(null, Pem.Certificates(pem, "the certificate authority's data"), TimeProvider.System);

    /// <summary>Reads authorities from a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="clock">The clock that decides when the file is read again.</param>
    /// <exception cref="ConfigurationException">The file cannot be read, or contains no certificate.</exception>
    public static Authorities FromFile(string file, TimeProvider clock) => new(file, ReadFile(file), clock);

    /// <summary>
    /// Whether a server's certificate is trusted. A wrong host name is always refused (compare CVE-2025-9708); only the
    /// chain is checked again, with these authorities as its only roots.
    /// </summary>
    internal bool Trust(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Current());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        // Downloading missing certificates would let the server choose addresses that this process connects to.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        if (presented is not null)
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        return chain.Build(
            certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData())
        );
    }

    private X509Certificate2Collection Current()
    {
        lock (_gate)
        {
            if (_file is null || _clock.GetElapsedTime(_readAt) < Fresh)
                return _roots;
            _readAt = _clock.GetTimestamp();
            try
            {
                _roots = ReadFile(_file);
            }
            catch (ConfigurationException)
            {
                // The file is being replaced, so the previous authorities stay valid for another minute.
            }

            return _roots;
        }
    }

    private static X509Certificate2Collection ReadFile(string file)
    {
        try
        {
            return Pem.Certificates(File.ReadAllText(file), file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{file} cannot be read: {failed.Message}", failed);
        }
    }
}
