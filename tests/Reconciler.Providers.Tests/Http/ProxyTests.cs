using Reconciler.Core.Ports;
using Reconciler.Providers.Http;
using Reconciler.Testing.Providers.Http;

namespace Reconciler.Providers.Tests.Http;

/// <summary>What is said of a proxy that does not lead to the vendor.</summary>
public sealed class ProxyTests
{
    private const string Host = "vendor-behind-proxy.invalid";

    [Theory]
    [InlineData(403, "answered 403 when asked to connect to vendor-behind-proxy.invalid; ask who runs it", 1)]
    [InlineData(407, "answered 407; it wants a user and a password in HTTPS_PROXY", 1)]
    [InlineData(502, "answered 502 when asked to connect to vendor-behind-proxy.invalid; ask who runs it", 4)]
    public async Task A_proxy_that_refuses_is_named_with_its_status_and_without_its_password(
        int status,
        string said,
        int attempts
    )
    {
        using var proxy = new RefusingProxy(Host, status);
        await using var bench = Bench();

        var failure = await bench.FailAsync(Effect.Read);

        Assert.Contains($"was not sent: the proxy {proxy.Shown} {said}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss-w0rd", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(ProviderFault.Unavailable, failure.Fault);
        Assert.Equal(attempts, bench.Seen.Count);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named()
    {
        using var proxy = new RefusingProxy(Host, 403);
        proxy.Stop();
        await using var bench = Bench();

        Assert.Contains(
            $"was not sent: no connection to {Host} through the proxy {proxy.Shown}",
            (await bench.FailAsync(Effect.Read)).Message,
            StringComparison.Ordinal
        );
    }

    private static HttpBench Bench() => new(new StubVendor(), s => s with { BaseUrl = new($"https://{Host}/") });
}
