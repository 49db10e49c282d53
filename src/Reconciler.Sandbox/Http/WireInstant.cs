using System.Globalization;

namespace Reconciler.Sandbox.Http;

/// <summary>Instants as the vendors' platforms write them.</summary>
internal static class WireInstant
{
    /// <summary>Python's isoformat: microseconds, or no fraction at all.</summary>
    public static string Python(DateTimeOffset instant) =>
        instant.Ticks % TimeSpan.TicksPerSecond < TimeSpan.TicksPerMicrosecond
            ? Ruby(instant)
            : Write(instant, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");

    /// <summary>JavaScript's toISOString: always milliseconds.</summary>
    public static string JavaScript(DateTimeOffset instant) => Write(instant, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>Ruby's iso8601: whole seconds.</summary>
    public static string Ruby(DateTimeOffset instant) => Write(instant, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Write(DateTimeOffset instant, string format) =>
        instant.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
