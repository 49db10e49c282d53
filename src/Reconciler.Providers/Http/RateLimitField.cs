using System.Globalization;

namespace Reconciler.Providers.Http;

/// <summary>
/// Reads the field RateLimit in the forms that the drafts of draft-ietf-httpapi-ratelimit-headers gave it.
/// </summary>
internal static class RateLimitField
{
    /// <summary>The limit with the fewest requests left; null where the field holds none that can be read.</summary>
    /// <param name="field">The field's value.</param>
    /// <param name="now">When the answer came; resets are seconds from then.</param>
    public static RateLimit? Tightest(string field, DateTimeOffset now)
    {
        // Draft 07 writes one limit as a list of pairs; from 08 on each item of the list is a limit with parameters.
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
