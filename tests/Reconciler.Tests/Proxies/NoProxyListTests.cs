using Reconciler.Proxies;

namespace Reconciler.Tests.Proxies;

/// <summary>Which hosts NO_PROXY names, by the rules of Go's httpproxy.</summary>
public sealed class NoProxyListTests
{
    [Theory]
    // A domain, with all below it.
    [InlineData("example.com", "https://example.com", true)]
    [InlineData("example.com", "https://api.example.com", true)]
    [InlineData("example.com", "https://a.b.example.com", true)]
    [InlineData("example.com", "https://badexample.com", false)]
    [InlineData("example.com", "https://example.com.evil.test", false)]
    [InlineData("EXAMPLE.com", "https://Api.Example.COM", true)]
    // A dot or an asterisk before it: only what is below it.
    [InlineData(".example.com", "https://example.com", false)]
    [InlineData(".example.com", "https://api.example.com", true)]
    [InlineData("*.example.com", "https://example.com", false)]
    [InlineData("*.example.com", "https://api.example.com", true)]
    [InlineData("*.example.com", "https://a.b.example.com", true)]
    [InlineData("api.*.com", "https://api.example.com", false)]
    // Everything.
    [InlineData("*", "https://example.com", true)]
    [InlineData("*", "https://10.1.2.3", true)]
    [InlineData("other.test, * ", "https://example.com", true)]
    // Ports.
    [InlineData("example.com:443", "https://example.com", true)]
    [InlineData("example.com:8443", "https://example.com", false)]
    [InlineData("example.com:8443", "https://api.example.com:8443", true)]
    [InlineData(".example.com:8443", "https://example.com:8443", false)]
    [InlineData("example.com:80", "http://example.com", true)]
    // Addresses and ranges.
    [InlineData("10.1.2.3", "https://10.1.2.3", true)]
    [InlineData("10.1.2.3", "https://10.1.2.30", false)]
    [InlineData("10.1.2.3:6443", "https://10.1.2.3:6443", true)]
    [InlineData("10.1.2.3:6443", "https://10.1.2.3", false)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3:6443", true)]
    [InlineData("10.1.2.3/8", "https://10.9.9.9", true)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3", false)]
    [InlineData("10.0.0.0/8", "https://10.example.com", false)]
    [InlineData("fd00::1", "https://[fd00::1]", true)]
    [InlineData("[fd00::1]", "https://[fd00::1]", true)]
    [InlineData("[fd00::1]:6443", "https://[fd00::1]:6443", true)]
    [InlineData("[fd00::1]:6443", "https://[fd00::1]", false)]
    [InlineData("fd00::/8", "https://[fd00::7]", true)]
    [InlineData("::ffff:10.1.2.3", "https://10.1.2.3", true)]
    [InlineData("1.2.3", "https://10.1.2.3", false)]
    // An end of an address is no domain.
    [InlineData("2.3", "https://10.1.2.3", false)]
    [InlineData(".2.3", "https://10.1.2.3", false)]
    // The loopback, always.
    [InlineData("", "https://localhost:8080", true)]
    [InlineData("", "https://127.0.0.1", true)]
    [InlineData("", "https://127.9.9.9", true)]
    [InlineData("", "https://[::1]", true)]
    [InlineData("", "https://example.com", false)]
    // Lists, blanks and what cannot be read.
    [InlineData(" a.test , b.test ", "https://b.test", true)]
    [InlineData("a.test b.test", "https://b.test", false)]
    [InlineData(",, :443, 10.0.0.0/99, [, ., b.test", "https://b.test", true)]
    [InlineData(":443", "https://example.com", false)]
    [InlineData("10.0.0.0/99", "https://10.0.0.1", false)]
    // Names beyond ASCII, written either way.
    [InlineData("bücher.example", "https://xn--bcher-kva.example", true)]
    [InlineData("xn--bcher-kva.example", "https://shop.bücher.example", true)]
    public void It_covers_what_Go_would_reach_directly(string list, string address, bool isCovered) =>
        Assert.Equal(isCovered, NoProxyList.Parse(list).Covers(new(address)));
}
