using System.Globalization;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>Times and counts as people say them.</summary>
internal static class StatusWords
{
    /// <summary>How long something took or lasts, in the largest unit that fits.</summary>
    public static string Length(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
            { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s"),
            { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min"),
            { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} days"),
        };

    /// <summary>How long ago, or how far ahead.</summary>
    public static string Distance(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        if (ago.Duration() < TimeSpan.FromSeconds(1))
            return "now";
        return ago > TimeSpan.Zero
            ? $"{Length(TimeSpan.FromSeconds(Math.Round(ago.TotalSeconds)))} ago"
            : $"in {Length(TimeSpan.FromSeconds(Math.Round(-ago.TotalSeconds)))}";
    }

    /// <summary>A state as a word.</summary>
    public static string Of<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    /// <summary>A count with its noun.</summary>
    public static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>A revision as people write it.</summary>
    public static string Short(string revision) => revision.Length > 12 ? revision[..12] : revision;
}
