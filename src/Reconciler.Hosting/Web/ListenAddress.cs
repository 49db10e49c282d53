using System.Globalization;
using System.Net;

namespace Reconciler.Hosting.Web;

/// <summary>Where a listener listens, as settings write it.</summary>
public static class ListenAddress
{
    /// <summary>What is expected, for error texts.</summary>
    public const string Expected =
        "an address and a port, such as 127.0.0.1:8080, [::1]:8080, localhost:8080, or :8080 for every "
        + "address of the machine";

    /// <summary>
    /// Reads an address with its port; null for anything else. Names other than localhost are not looked up.
    /// </summary>
    /// <param name="text">
    /// Such as <c>127.0.0.1:8080</c>; <c>:8080</c> and <c>*:8080</c> are every address; port 0 is any that is free.
    /// </param>
    public static IPEndPoint? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (
            colon < 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        )
            return null;
        return text[..colon] switch
        {
            "" or "*" => new(IPAddress.IPv6Any, port),
            "localhost" => new(IPAddress.Loopback, port),
            ['[', .. var inner, ']']
                when inner.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(inner, out var six) => new(
                six,
                port
            ),
            var host when host.Split('.').Length == 4 && IPAddress.TryParse(host, out var four) => new(four, port),
            _ => null,
        };
    }

    /// <summary>Whether only this machine reaches it.</summary>
    /// <param name="address">The address.</param>
    public static bool IsLoopback(IPEndPoint address) => IPAddress.IsLoopback(address.Address);
}
