using System.Globalization;

namespace Reconciler.Providers.Http;

/// <summary>The number of further requests that a vendor will answer, according to the headers of an answer.</summary>
/// <param name="Remaining">The number of remaining requests, until <paramref name="Reset"/>.</param>
/// <param name="Reset">The time when the count starts again.</param>
/// <param name="Limit">The total number after the reset; null where the answer does not contain it.</param>
internal sealed record RateLimit(int Remaining, DateTimeOffset Reset, int? Limit)
{
    // The headers contain whole seconds, rounded down, so the count starts again within the following second.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    // No vendor counts over more than a month, so a larger number is a point in time.
    private const long MostSecondsLeft = 31L * 24 * 60 * 60;
    private const long FirstMilliseconds = 100_000_000_000;
    private const long LatestSecond = 253_402_300_000;

    private static readonly string[] Prefixes = ["X-RateLimit-", "RateLimit-", "X-Rate-Limit-"];

    /// <summary>Whether the vendor answers no further request until the reset.</summary>
    public bool IsSpent => Remaining == 0;

    /// <summary>
    /// Reads the headers in use: X-RateLimit-Remaining and -Reset as vendors document them (GitHub, Equinix Metal),
    /// RateLimit-Remaining and -Reset (draft-ietf-httpapi-ratelimit-headers up to 06), and the single field RateLimit
    /// (07: <c>remaining=0, reset=5</c>; from 08 on: <c>"policy";r=0;t=5</c>). A reset is a Unix time or a number of
    /// seconds; its size shows which.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">The time when it came.</param>
    /// <returns>The limit; null where the headers are absent or unreadable.</returns>
    public static RateLimit? Of(HttpResponseMessage response, DateTimeOffset now)
    {
        foreach (var prefix in Prefixes)
        {
            if (Number(response, prefix + "Remaining") is not (>= 0 and <= int.MaxValue and var remaining))
                continue;
            if (Moment(Number(response, prefix + "Reset"), now) is not { } reset)
                continue;
            var limit = Number(response, prefix + "Limit") is > 0 and <= int.MaxValue and var most ? (int?)most : null;
            return new((int)remaining, reset, limit);
        }

        return response.Headers.TryGetValues("RateLimit", out var values)
            ? RateLimitField.Tightest(string.Join(',', values), now)
            : null;
    }

    /// <summary>Converts a reset to a point in time; null where it has no meaning.</summary>
    /// <param name="reset">The number in the header.</param>
    /// <param name="now">The time when the answer came.</param>
    public static DateTimeOffset? Moment(long? reset, DateTimeOffset now) =>
        reset switch
        {
            null or < 0 => null,
            <= MostSecondsLeft => now + TimeSpan.FromSeconds(reset.Value) + Rounding,
            <= FirstMilliseconds => DateTimeOffset.FromUnixTimeSeconds(reset.Value) + Rounding,
            <= LatestSecond * 1000 => DateTimeOffset.FromUnixTimeMilliseconds(reset.Value) + Rounding,
            _ => null,
        };

    // In a list such as "100, 100;w=60", the first number is the current one.
    private static long? Number(HttpResponseMessage response, string name)
    {
        if (!response.Headers.TryGetValues(name, out var values))
            return null;
        var text = values.First();
        var end = text.AsSpan().IndexOfAny(',', ';');
        return long.TryParse(
            (end < 0 ? text : text[..end]).Trim(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
    }
}
