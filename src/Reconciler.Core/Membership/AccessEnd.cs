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

    /// <summary>Makes a grant of a day.</summary>
    /// <param name="day">The day, such as <c>2026-12-31</c>.</param>
    public Grant Grant(string day) => new(Name, day, $"{Name} {day}");

    /// <summary>Returns the first day with which the vendor does not end access too early.</summary>
    /// <param name="expiresAt">The first moment without access.</param>
    public string WordOf(DateTimeOffset expiresAt)
    {
        var local = expiresAt.ToOffset(Zone).DateTime;
        // The day that holds the last moment with access.
        var last = DateOnly.FromDateTime(local.AddTicks(-1));
        return (IsInclusive ? last : last.AddDays(1)).ToString(Form, CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the latest moment whose day this is; null for a text that is no day.</summary>
    /// <param name="day">The day, as the vendor has it.</param>
    public DateTimeOffset? ExpiryOf(string day) =>
        IsDay(day, out var date)
            ? new DateTimeOffset((IsInclusive ? date.AddDays(1) : date).ToDateTime(TimeOnly.MinValue), Zone)
            : null;

    /// <summary>Whether a text is a day, such as <c>2026-12-31</c>.</summary>
    /// <param name="text">The text.</param>
    public static bool IsDay(string text) => IsDay(text, out _);

    // The last day of all has no next one.
    private static bool IsDay(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
        && date > DateOnly.MinValue.AddDays(1)
        && date < DateOnly.MaxValue.AddDays(-1);
}
