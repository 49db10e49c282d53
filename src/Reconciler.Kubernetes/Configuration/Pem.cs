using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reconciler.Kubernetes.Configuration;

/// <summary>Reads certificates and keys from PEM text.</summary>
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

    /// <summary>Reads the client's certificate with its key, and the certificates that follow it.</summary>
    public static X509Certificate2Collection ClientCertificates(string certificates, string key)
    {
        var chain = Certificates(certificates, "the client's certificate");
        try
        {
            using var joined = X509Certificate2.CreateFromPem(certificates, key);
            // Windows refuses keys that exist in memory only; a PKCS#12 round trip stores them as it requires.
            chain[0] = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), password: null);
            return chain;
        }
        // The text is left out of the message, since even half a key is a secret.
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new ConfigurationException("the client's key cannot be read, or is not the certificate's");
        }
    }
}
