using System.Globalization;

namespace Reconciler.Core.Membership;

/// <summary>
/// The day on which a vendor ends access by itself. It follows from <c>expiresAt</c>, so that access ends where
/// Reconciler does not run as well, and it is compared as a word of access is.
/// </summary>
/// <param name="Name">Its name in plans, such as <c>ends</c>.</param>
/// <param name="IsInclusive">Whether the person still has access on that day.</param>
/// <param name="Zone">
/// The vendor's zone, as the offset from UTC, -12 to +14 hours. Where every server has its own, +14 hours is right for
/// each of them: no day begins earlier.
/// </param>
public sealed record AccessEnd(string Name, bool IsInclusive, TimeSpan Zone)
{
    private const string Form = "yyyy-MM-dd";

    // Days near the end of the calendar cannot be moved by a zone, and nobody plans that far.
    private static readonly DateTimeOffset TooFar = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a grant of a day.</summary>
    /// <param name="day">The day, such as <c>2026-12-31</c>.</param>
    public Grant Grant(string day) => new(Name, day, $"{Name} {day}");

    /// <summary>
    /// Returns the first day with which the vendor does not end access too early; null for a moment so far away that no
    /// vendor need know it.
    /// </summary>
    /// <param name="expiresAt">The first moment without access.</param>
    public string? DayOf(DateTimeOffset expiresAt)
    {
        if (expiresAt >= TooFar)
            return null;
        // The day that holds the last moment with access.
        var last = DateOnly.FromDateTime(expiresAt.ToOffset(Zone).DateTime.AddTicks(-1));
        return (IsInclusive ? last : last.AddDays(1)).ToString(Form, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Returns the latest moment whose day this is; null for a text that is no day, or one too far away.
    /// </summary>
    /// <param name="day">The day, as the vendor has it.</param>
    public DateTimeOffset? ExpiryOf(string day) =>
        DateOnly.TryParseExact(day, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date.Year > 1
        && date.Year < TooFar.Year
            ? new DateTimeOffset((IsInclusive ? date.AddDays(1) : date).ToDateTime(TimeOnly.MinValue), Zone)
            : null;

    /// <summary>Whether a day is before another one; a year of five digits is a late one.</summary>
    /// <param name="day">The day, in its form.</param>
    /// <param name="other">The other one.</param>
    public static bool IsSooner(string day, string other) =>
        day.Length != other.Length ? day.Length < other.Length : string.CompareOrdinal(day, other) < 0;

    /// <summary>Whether a text has the form of a day, such as <c>2026-12-31</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsDay(string text) =>
        text.Length >= Form.Length
        && text[^3] == '-'
        && text[^6] == '-'
        && text.All(c => char.IsAsciiDigit(c) || c == '-');
}
