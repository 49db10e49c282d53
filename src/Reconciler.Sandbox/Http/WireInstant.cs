using System.Globalization;

namespace Reconciler.Sandbox.Http;

/// <summary>Formats times as the vendors' platforms do.</summary>
internal static class WireInstant
{
    /// <summary>Formats like Python's isoformat: microseconds, or no fraction.</summary>
    public static string Python(DateTimeOffset instant) =>
        instant.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond
            ? Ruby(instant)
            : Write(instant, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");

    /// <summary>Formats like JavaScript's toISOString: always milliseconds.</summary>
    public static string JavaScript(DateTimeOffset instant) => Write(instant, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>Formats like Ruby's iso8601: whole seconds.</summary>
    public static string Ruby(DateTimeOffset instant) => Write(instant, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Write(DateTimeOffset instant, string format) =>
        instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
