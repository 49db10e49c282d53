using System.Globalization;

namespace Reconciler.Core.Manifests.Values;

/// <summary>When access ends: a date (until 24:00 UTC of that day) or an instant with a zone.</summary>
/// <param name="Text">As written.</param>
/// <param name="At">The first instant without access, in UTC.</param>
public sealed record Expiry(string Text, DateTimeOffset At) : IFieldText<Expiry>
{
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <inheritdoc/>
    public static string Pattern =>
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,7})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$";

    /// <inheritdoc/>
    public static string Expected =>
        "a date such as 2026-12-31 (until the end of that day, UTC) or an instant such as 2026-12-31T18:00:00Z";

    /// <inheritdoc/>
    public static string Example => "2026-12-31";

    /// <inheritdoc/>
    public static Expiry? Parse(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date == DateOnly.MaxValue
                ? null
                : new(text, new(date.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        }

        // An instant without a zone would depend on the machine.
        if (!text.EndsWith('Z') && (text.Length < 6 || text[^6] is not ('+' or '-')))
            return null;
        return DateTimeOffset.TryParseExact(
            text,
            Instants,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var instant
        )
            ? new(text, instant.ToUniversalTime())
            : null;
    }

    /// <summary>
    /// Formats an end in words: the day if access lasts through it, as the manifest's author wrote it; else the minute.
    /// </summary>
    /// <param name="end">The first instant without access.</param>
    public static string Words(DateTimeOffset end) =>
        end.UtcDateTime.TimeOfDay == TimeSpan.Zero
            ? end.UtcDateTime.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : end.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Formats an end as a manifest states it: the day if access lasts through it, else the instant.</summary>
    /// <param name="end">The first instant without access.</param>
    public static string TextOf(DateTimeOffset end) =>
        end.UtcDateTime.TimeOfDay == TimeSpan.Zero
            ? Words(end)
            : end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
