using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>Certificates and keys from their text.</summary>
internal static class Pem
{
    public static X509Certificate2Collection Certificates(string text, string what)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException wrong)
        {
            throw new ConfigurationException($"{what} holds a certificate that cannot be read: {wrong.Message}", wrong);
        }

        return certificates.Count > 0 ? certificates : throw new ConfigurationException($"{what} holds no certificate");
    }

    /// <summary>The client's certificate joined with its key, and the certificates that follow it.</summary>
    public static X509Certificate2Collection ClientCertificates(string certificates, string key)
    {
        var chain = Certificates(certificates, "the client's certificate");
        try
        {
            using var joined = X509Certificate2.CreateFromPem(certificates, key);
            // Windows refuses keys that live in memory only; a PKCS#12 round trip puts them where it wants them.
            chain[0] = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), password: null);
            return chain;
        }
        // What was read stays out of the text: half a key is a secret too.
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException("the client's key cannot be read, or is not the certificate's");
        }
    }
}
