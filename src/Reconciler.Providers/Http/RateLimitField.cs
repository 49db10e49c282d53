using System.Globalization;

namespace Reconciler.Providers.Http;

/// <summary>Reads the field RateLimit in all the forms of the drafts of draft-ietf-httpapi-ratelimit-headers.</summary>
internal static class RateLimitField
{
    /// <summary>
    /// Finds the limit with the fewest remaining requests; null where the field contains none that can be read.
    /// </summary>
    /// <param name="field">The value of the field.</param>
    /// <param name="now">The time when the answer came. Resets are in seconds from then.</param>
    public static RateLimit? Tightest(string field, DateTimeOffset now)
    {
        // Draft 07 writes one limit as a list of pairs; from draft 08 on, each list item is a limit with parameters.
        var limits = field.Contains("remaining=", StringComparison.OrdinalIgnoreCase)
            ? [Read(field.Split([',', ';']), now)]
            : field.Split(',').Select(item => Read(item.Split(';'), now));
        return limits.OfType<RateLimit>().OrderBy(l => l.Remaining).ThenByDescending(l => l.Reset).FirstOrDefault();
    }

    private static RateLimit? Read(string[] pairs, DateTimeOffset now)
    {
        long? remaining = null;
        long? reset = null;
        long? limit = null;
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (
                equals < 0
                || !long.TryParse(
                    pair[(equals + 1)..].Trim(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
                continue;
            switch (pair[..equals].Trim().ToLowerInvariant())
            {
                case "r" or "remaining":
                    remaining = number;
                    break;
                case "t" or "reset":
                    reset = number;
                    break;
                case "q" or "limit":
                    limit = number;
                    break;
                default:
                    break;
            }
        }

        if (remaining is not (>= 0 and <= int.MaxValue) || RateLimit.Moment(reset, now) is not { } moment)
            return null;
        return new((int)remaining.Value, moment, limit is > 0 and <= int.MaxValue ? (int?)limit : null);
    }
}
