using System.Globalization;

namespace Reconciler.Worker.Web;

/// <summary>A time as a page shows it.</summary>
/// <param name="At">The time; null for never.</param>
/// <param name="Words">What is said of it.</param>
internal sealed record Moment(DateTimeOffset? At, string Words)
{
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(1);

    /// <summary>How long ago something was.</summary>
    public static Moment Past(DateTimeOffset? at, DateTimeOffset now) =>
        new(at, at is { } time ? StatusWords.Distance(time, now) : "–");

    /// <summary>When something is due; what is late says so.</summary>
    public static Moment Due(DateTimeOffset? at, DateTimeOffset now) =>
        at is { } time && now - time >= Unnoticed
            ? new(time, $"due for {StatusWords.Length(now - time)}")
            : Past(at, now);

    /// <summary>A time for programs.</summary>
    public static string Machine(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
