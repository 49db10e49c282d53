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
            new AccessEnd("ends", isInclusive, TimeSpan.FromHours(hours)).DayOf(
                DateTimeOffset.Parse(expiresAt, System.Globalization.CultureInfo.InvariantCulture)
            )
        );

    [Property(MaxTest = 2_000)]
    public void No_vendor_ends_access_early_and_none_a_day_late(int minutes, bool isInclusive, byte offset)
    {
        var expiresAt = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero).AddMinutes(minutes % 5_000_000);
        var end = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        var late = end.ExpiryOf(end.DayOf(expiresAt)!)!.Value - expiresAt;

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
        var day = new AccessEnd("ends", isInclusive, TimeSpan.FromHours(14)).DayOf(expiresAt);
        var server = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        Assert.True(server.ExpiryOf(day!) >= expiresAt);
    }

    [Property(MaxTest = 2_000)]
    public void A_day_that_is_read_is_told_again_unchanged(PositiveInt days, bool isInclusive, byte offset)
    {
        var day = new DateOnly(2000, 1, 1)
            .AddDays(days.Get % 1_000_000)
            .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var end = new AccessEnd("ends", isInclusive, TimeSpan.FromMinutes((offset % 105 * 15) - (12 * 60)));

        Assert.Equal(day, end.DayOf(end.ExpiryOf(day)!.Value));
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9999-12-28T00:00:00Z")]
    [InlineData("9000-01-01T00:00:00Z")]
    public void A_moment_that_is_too_far_away_is_told_as_no_day(string expiresAt) =>
        Assert.Null(
            new AccessEnd("ends", IsInclusive: false, TimeSpan.FromHours(14)).DayOf(
                DateTimeOffset.Parse(expiresAt, System.Globalization.CultureInfo.InvariantCulture)
            )
        );

    [Theory]
    [InlineData("2026-12-31", true, true)]
    // What somebody gave by hand is shown and corrected, however odd it is.
    [InlineData("9999-12-31", true, false)]
    [InlineData("10000-01-01", true, false)]
    [InlineData("2026-02-30", true, false)]
    [InlineData("0001-01-01", true, false)]
    [InlineData("", false, false)]
    [InlineData("2026-2-1", false, false)]
    [InlineData("2026-12-31T00:00:00Z", false, false)]
    [InlineData("31.12.2026", false, false)]
    public void A_text_has_the_form_of_a_day_and_may_be_one(string text, bool isDay, bool hasMoment)
    {
        Assert.Equal(isDay, AccessEnd.IsDay(text));
        Assert.Equal(hasMoment, new AccessEnd("ends", true, TimeSpan.FromHours(14)).ExpiryOf(text) is not null);
    }
}
