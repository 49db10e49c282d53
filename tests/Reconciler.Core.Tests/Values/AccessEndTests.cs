using FsCheck;
using FsCheck.Xunit;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Tests.Values;

/// <summary>The day that a vendor is told never ends access earlier than a manifest says.</summary>
public sealed class AccessEndTests
{
    [Theory]
    // The vendor's day begins when the manifest's day ends.
    [InlineData("2027-01-01T00:00:00Z", false, 0, "2027-01-01")]
    [InlineData("2027-01-01T00:00:00Z", true, 0, "2026-12-31")]
    // A moment within a day: the day must be over, or be the last one.
    [InlineData("2026-12-31T18:00:00Z", false, 0, "2027-01-01")]
    [InlineData("2026-12-31T18:00:00Z", true, 0, "2026-12-31")]
    [InlineData("2026-12-31T00:00:00.0000001Z", false, 0, "2027-01-01")]
    // Where the vendor's day begins earlier, it takes one more.
    [InlineData("2027-01-01T00:00:00Z", false, 14, "2027-01-02")]
    [InlineData("2027-01-01T00:00:00Z", true, 14, "2027-01-01")]
    [InlineData("2026-12-31T10:00:00Z", false, 14, "2027-01-01")]
    [InlineData("2026-12-31T10:00:00Z", true, 14, "2026-12-31")]
    // Where it begins later, it may be the day before.
    [InlineData("2027-01-01T00:00:00Z", false, -12, "2027-01-01")]
    [InlineData("2027-01-01T12:00:00Z", false, -12, "2027-01-01")]
    [InlineData("2027-01-01T00:00:00Z", true, -12, "2026-12-31")]
    public void The_day_is_the_first_that_is_not_too_early(string expiresAt, bool isInclusive, int hours, string day) =>
        Assert.Equal(
            day,
            new AccessEnd("ends", isInclusive, TimeSpan.FromHours(hours)).WordOf(
                DateTimeOffset.Parse(expiresAt, System.Globalization.CultureInfo.InvariantCulture)
            )
        );

    [Property(MaxTest = 2_000)]
    public void No_vendor_ends_access_early_and_none_a_day_late(int minutes, bool isInclusive, byte offset)
    {
        var expiresAt = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes % 5_000_000);
        var end = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        var late = end.ExpiryOf(end.WordOf(expiresAt))!.Value - expiresAt;

        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
    }

    [Property(MaxTest = 2_000)]
    public void The_zone_that_begins_its_days_first_is_right_for_a_server_in_any_other(
        int minutes,
        bool isInclusive,
        byte offset
    )
    {
        var expiresAt = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes % 5_000_000);
        var day = new AccessEnd("ends", isInclusive, TimeSpan.FromHours(14)).WordOf(expiresAt);
        var server = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        Assert.True(server.ExpiryOf(day) >= expiresAt);
    }

    [Property(MaxTest = 2_000)]
    public void A_day_that_is_read_is_told_again_unchanged(PositiveInt days, bool isInclusive, byte offset)
    {
        var day = new DateOnly(2000, 1, 1)
            .AddDays(days.Get % 1_000_000)
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var end = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        Assert.Equal(day, end.WordOf(end.ExpiryOf(day)!.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-2-1")]
    [InlineData("2026-02-30")]
    [InlineData("2026-12-31T00:00:00Z")]
    [InlineData("31.12.2026")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void What_is_no_day_is_none(string text)
    {
        Assert.False(AccessEnd.IsDay(text));
        Assert.Null(new AccessEnd("ends", IsInclusive: true, TimeSpan.FromHours(14)).ExpiryOf(text));
    }
}
