using Reconciler.Testing.Kubernetes.Servers;

namespace Reconciler.Testing.State;

/// <summary>A certificate for the host localhost, and the authority that signed it, all as PEM.</summary>
/// <param name="Authority">The certificate of the authority.</param>
/// <param name="Certificate">The certificate of the server.</param>
/// <param name="Key">The server's private key.</param>
public sealed record ServerCertificate(string Authority, string Certificate, string Key)
{
    /// <summary>Makes an authority, and a certificate that it signs.</summary>
    public static ServerCertificate Make()
    {
        using var authority = new TestCertificates();
        using var server = authority.Server("localhost");
        return new(authority.AuthorityPem, server.ExportCertificatePem(), TestCertificates.KeyPem(server));
    }
}
