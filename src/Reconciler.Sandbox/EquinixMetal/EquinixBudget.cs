using System.Globalization;
using Reconciler.Sandbox.Http;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// Counts how many requests are still answered. Every answer has X-RateLimit headers; Reset is a Unix time in seconds.
/// </summary>
internal sealed class EquinixBudget(SeedRateLimit? limit, TimeProvider clock)
{
    private const int SecondsByDefault = 3600;
    private const int MoreThanAnybodySends = 1_000_000;

    private readonly SeedRateLimit limit = limit ?? new(MoreThanAnybodySends, SecondsByDefault);
    private DateTimeOffset reset = DateTimeOffset.MinValue;
    private int remaining;

    public VendorAnswer Spend(Func<VendorAnswer> answer)
    {
        var now = clock.GetUtcNow();
        if (now >= reset)
            (reset, remaining) = (now.AddSeconds(limit.Seconds), limit.Requests);
        var given = remaining > 0 ? answer() : EquinixError.One(429, "Too many requests");
        remaining = Math.Max(0, remaining - 1);
        return given
            .With("X-RateLimit-Limit", Text(limit.Requests))
            .With("X-RateLimit-Remaining", Text(remaining))
            .With("X-RateLimit-Reset", Text(reset.ToUnixTimeSeconds()));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
