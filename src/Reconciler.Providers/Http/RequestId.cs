namespace Reconciler.Providers.Http;

/// <summary>Identifies a request here and at the vendor, so that a person can ask the vendor about it.</summary>
internal static class RequestId
{
    /// <summary>The header with the id of each request.</summary>
    public const string Header = "X-Request-Id";

    private const int Longest = 80;

    // Headers in which vendors and their gateways return their own id of a request.
    private static readonly string[] VendorHeaders =
    [
        Header,
        "Request-Id",
        "X-Correlation-Id",
        "X-Amzn-RequestId",
        "X-Amzn-Trace-Id",
        "CF-Ray",
    ];

    /// <summary>Creates an id. It is a UUID, since some vendors accept nothing else.</summary>
    public static string New() => Guid.NewGuid().ToString();

    /// <summary>
    /// Finds the id that the vendor assigned to a request; null where it assigned none, or returned ours.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="own">The id that the request contained.</param>
    /// <param name="token">The token, which must not be shown.</param>
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
