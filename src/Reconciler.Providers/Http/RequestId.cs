namespace Reconciler.Providers.Http;

/// <summary>What one request is called, here and at the vendor, so that a person can ask the vendor about it.</summary>
internal static class RequestId
{
    /// <summary>The header that every request carries its id in.</summary>
    public const string Header = "X-Request-Id";

    private const int Longest = 80;

    // Where vendors, and the gateways before them, say how they call a request themselves.
    private static readonly string[] VendorHeaders =
    [
        Header,
        "Request-Id",
        "X-Correlation-Id",
        "X-Amzn-RequestId",
        "X-Amzn-Trace-Id",
        "CF-Ray",
    ];

    /// <summary>A new id: one that a vendor who wants UUIDs takes, too.</summary>
    public static string New() => Guid.NewGuid().ToString();

    /// <summary>The id that the vendor gave a request itself; null where it gave none, or gave ours back.</summary>
    /// <param name="response">Its answer.</param>
    /// <param name="own">Our id.</param>
    /// <param name="token">What must not be shown.</param>
    public static string? OfVendor(HttpResponseMessage response, string own, string token)
    {
        foreach (var header in VendorHeaders)
        {
            if (!response.Headers.TryGetValues(header, out var values))
                continue;
            var id = VendorText.Clean(string.Join(' ', values), token);
            if (id.Length == 0 || id.Equals(own, StringComparison.OrdinalIgnoreCase))
                continue;
            return id.Length > Longest ? $"{id[..Longest]}…" : id;
        }

        return null;
    }
}
