using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Reconciler.Testing.State;

/// <summary>A certificate for the host localhost, and the authority that signed it, all as PEM.</summary>
/// <param name="Authority">The certificate of the authority.</param>
/// <param name="Certificate">The certificate of the server.</param>
/// <param name="Key">The server's private key.</param>
public sealed record ServerCertificate(string Authority, string Certificate, string Key)
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddHours(-1);

    /// <summary>Makes an authority, and a certificate that it signs.</summary>
    public static ServerCertificate Make()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Authority of a test", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signer = authority.CreateSelfSigned(Start, Start.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(signer, Start, Start.AddDays(1), [1, 2, 3, 4]);
        return new(signer.ExportCertificatePem(), certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
