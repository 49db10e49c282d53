using System.Globalization;

namespace Reconciler.Providers.Http;

/// <summary>How many requests a vendor will still answer, as the X-RateLimit headers of an answer say.</summary>
/// <param name="Remaining">How many more, until <paramref name="Reset"/>.</param>
/// <param name="Reset">When the count begins anew.</param>
/// <param name="Limit">How many there are then; null where the answer does not say.</param>
internal sealed record RateLimit(int Remaining, DateTimeOffset Reset, int? Limit)
{
    // The header is in whole seconds, rounded down: the count begins anew within the second after.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    /// <summary>Reads the headers; null where they are absent, or are no numbers.</summary>
    public static RateLimit? Of(HttpResponseMessage response)
    {
        if (Number(response, "X-RateLimit-Remaining") is not (>= 0 and <= int.MaxValue and var remaining)) return null;
        // Seconds of the epoch; a number of another meaning lies outside, or in the past, and holds nobody up.
        if (Number(response, "X-RateLimit-Reset") is not (>= 0 and <= 253_402_300_000 and var reset)) return null;
        var limit = Number(response, "X-RateLimit-Limit") is > 0 and <= int.MaxValue and var most ? (int?)most : null;
        return new((int)remaining, DateTimeOffset.FromUnixTimeSeconds(reset) + Rounding, limit);
    }

    private static long? Number(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
