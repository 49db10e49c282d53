using System.Globalization;

namespace Reconciler.Core.Planning;

/// <summary>Warns before access ends. It decides nothing: whatever else is to be done about the person is done.</summary>
internal static class ExpiryRows
{
    /// <summary>How long before its end access is shown as expiring: long enough to ask for more in working hours.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public static void Warn(PersonCase person, Verdict verdict)
    {
        if (person.Declared?.ExpiresAt is not { } end || end - verdict.Now > Notice) return;
        verdict.Find(FindingKind.Expiring, person.Person, $"has access until {Text(end)}; renew expiresAt, or let it end");
    }

    // A date in a manifest ends at 24:00 of its day: that day is what its author wrote.
    private static string Text(DateTimeOffset end) => end.UtcDateTime.TimeOfDay == TimeSpan.Zero
        ? end.UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : end.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
