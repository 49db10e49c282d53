using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Reconciler.Proxies;

/// <summary>
/// The hosts that are reached without a proxy, as Go's programs read <c>NO_PROXY</c>, since kubectl, Flux and the rest
/// of a cluster do: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config.
/// <list type="bullet">
/// <item><c>*</c> is every host;</item>
/// <item><c>example.com</c> is that domain and all below it;</item>
/// <item><c>.example.com</c> and <c>*.example.com</c> are all below it, without the domain itself;</item>
/// <item><c>10.1.2.3</c> is an address, <c>10.0.0.0/8</c> a range;</item>
/// <item>all but ranges may name a port, as in <c>example.com:8443</c> and <c>[fd00::1]:8443</c>.</item>
/// </list>
/// The loopback is never reached through a proxy.
/// </summary>
internal sealed class NoProxyList
{
    private static readonly IdnMapping Idn = new();

    private readonly ImmutableArray<Func<string, IPAddress?, int, bool>> _entries;

    private NoProxyList(ImmutableArray<Func<string, IPAddress?, int, bool>> entries) => _entries = entries;

    /// <summary>Reads the value of the variable. Entries that cannot be read are left out, as in Go.</summary>
    /// <param name="text">The value.</param>
    public static NoProxyList Parse(string text)
    {
        var entries = text.Split(',')
            .Select(e => e.Trim().ToLowerInvariant())
            .Where(e => e.Length > 0)
            .ToImmutableArray();
        return entries.Contains("*")
            ? new([static (_, _, _) => true])
            : new([.. entries.Select(Entry).OfType<Func<string, IPAddress?, int, bool>>()]);
    }

    /// <summary>Whether a host is reached without a proxy.</summary>
    /// <param name="target">The address that is called.</param>
    public bool Covers(Uri target)
    {
        var host = target.IdnHost.ToLowerInvariant();
        var address = IPAddress.TryParse(host, out var parsed) ? Plain(parsed) : null;
        if (host == "localhost" || (address is not null && IPAddress.IsLoopback(address)))
            return true;
        return _entries.Any(matches => matches(host, address, target.Port));
    }

    private static Func<string, IPAddress?, int, bool>? Entry(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out var range) ? (_, ip, _) => ip is not null && range.Contains(ip) : null;
        var (host, port) = Split(text);
        if (host.Length == 0)
            return null;
        if (IPAddress.TryParse(host, out var parsed) && Plain(parsed) is var address && IsWhole(host, parsed))
            return (_, ip, at) => address.Equals(ip) && IsPort(port, at);
        if (host.StartsWith("*.", StringComparison.Ordinal))
            host = host[1..];
        var isBelowOnly = host[0] == '.';
        var domain = Ascii(isBelowOnly ? host[1..] : host);
        return (name, ip, at) =>
            ip is null
            && (name.EndsWith($".{domain}", StringComparison.Ordinal) || (!isBelowOnly && name == domain))
            && IsPort(port, at);
    }

    // A colon more than one belongs to an IPv6 address, unless brackets enclose the address.
    private static (string Host, string Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
            return (text[1..end], colon > end ? text[(colon + 1)..] : "");
        return colon < 0 || text.IndexOf(':', StringComparison.Ordinal) != colon
            ? (text, "")
            : (text[..colon], text[(colon + 1)..]);
    }

    // The runtime reads 10 and 10.1 as addresses too; nobody else does.
    private static bool IsWhole(string host, IPAddress parsed) =>
        host.Contains(':', StringComparison.Ordinal) || parsed.ToString() == host;

    private static bool IsPort(string port, int at) =>
        port.Length == 0 || port == at.ToString(CultureInfo.InvariantCulture);

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Ascii(string domain)
    {
        try
        {
            return Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }
}
