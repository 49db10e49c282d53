using System.Globalization;

namespace Reconciler.Providers.Http;

/// <summary>How many requests a vendor will still answer, as the headers of an answer say.</summary>
/// <param name="Remaining">How many more, until <paramref name="Reset"/>.</param>
/// <param name="Reset">When the count begins anew.</param>
/// <param name="Limit">How many there are then; null where the answer does not say.</param>
internal sealed record RateLimit(int Remaining, DateTimeOffset Reset, int? Limit)
{
    // The headers are in whole seconds, rounded down: the count begins anew within the second after.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    // No vendor counts over more than a month; a larger number is a moment.
    private const long MostSecondsLeft = 31L * 24 * 60 * 60;
    private const long FirstMilliseconds = 100_000_000_000;
    private const long LatestSecond = 253_402_300_000;

    private static readonly string[] Prefixes = ["X-RateLimit-", "RateLimit-", "X-Rate-Limit-"];

    /// <summary>Whether the vendor answers nothing more until the reset.</summary>
    public bool IsSpent => Remaining == 0;

    /// <summary>
    /// Reads the headers that are in use: X-RateLimit-Remaining and -Reset as vendors document them (GitHub, Equinix
    /// Metal), RateLimit-Remaining
    /// and -Reset (draft-ietf-httpapi-ratelimit-headers up to 06), and the one field RateLimit (07: <c>remaining=0,
    /// reset=5</c>; from 08 on:
    /// <c>"policy";r=0;t=5</c>). A reset is a moment of the epoch or a number of seconds left: its size tells which.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="now">When it came.</param>
    /// <returns>What they say; null where they are absent, or say nothing that can be read.</returns>
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

    /// <summary>The moment that a reset means; null where it means none.</summary>
    /// <param name="reset">The number in the header.</param>
    /// <param name="now">When the answer came.</param>
    public static DateTimeOffset? Moment(long? reset, DateTimeOffset now) =>
        reset switch
        {
            null or < 0 => null,
            <= MostSecondsLeft => now + TimeSpan.FromSeconds(reset.Value) + Rounding,
            <= FirstMilliseconds => DateTimeOffset.FromUnixTimeSeconds(reset.Value) + Rounding,
            <= LatestSecond * 1000 => DateTimeOffset.FromUnixTimeMilliseconds(reset.Value) + Rounding,
            _ => null,
        };

    // A list such as "100, 100;w=60" begins with the number that counts.
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
