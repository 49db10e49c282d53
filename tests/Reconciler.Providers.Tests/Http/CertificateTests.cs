using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;
using static Reconciler.Testing.Providers.Http.StubVendor;

namespace Reconciler.Providers.Tests.Http;

/// <summary>A vendor behind a certificate for <c>localhost</c> that an authority of our own gave.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _certificate;

    public CertificateTests()
    {
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=internal", key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = authority.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=vendor", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        leaf.CertificateExtensions.Add(names.Build());
        using var signed = leaf.Create(_authority, now.AddHours(-1), now.AddDays(1), [1, 2, 3]);
        _certificate = signed.CopyWithPrivateKey(leafKey);
    }

    [Fact]
    public async Task A_certificate_of_the_named_authority_is_trusted()
    {
        await using var bench = Bench("localhost", _authority.ExportCertificatePem());
        Assert.Equal("ana", await bench.SendAsync(Effect.Read));
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", true)]
    public async Task An_unknown_authority_or_another_name_is_not_trusted_and_gets_no_request(
        string host,
        bool knowsAuthority
    )
    {
        await using var bench = Bench(host, knowsAuthority ? _authority.ExportCertificatePem() : null);
        var failure = await bench.FailAsync(Effect.Mails);
        Assert.Equal(ProviderFault.Unavailable, failure.Fault);
        Assert.Contains("is not trusted", failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Seen);
        Assert.Empty(bench.Requests);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
    }

    private HttpBench Bench(string host, string? authority) =>
        new(
            new StubVendor(Json(200, HttpBench.Ok)) { Certificate = _certificate },
            settings =>
                settings with
                {
                    BaseUrl = new Uri($"https://{host}:{settings.BaseUrl.Port}/api/v1"),
                    CertificateAuthorities = authority,
                }
        );
}
