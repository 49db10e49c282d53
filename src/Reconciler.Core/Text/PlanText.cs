using System.Globalization;

namespace Reconciler.Core.Text;

internal static class PlanText
{
    public static string Date(DateTimeOffset? at) =>
        at?.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "an unknown day";

    public static string Length(TimeSpan time) =>
        time switch
        {
            { TotalHours: 1 } => "an hour",
            { TotalHours: > 1 } when time.TotalHours % 24 != 0 => string.Create(
                CultureInfo.InvariantCulture,
                $"{time.TotalHours:0.#} hours"
            ),
            { TotalDays: >= 1 } => TextNames.Count((int)time.TotalDays, "day", "days"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes"),
        };

    /// <summary>Combines what happens with the reason in the entries.</summary>
    public static string Because(string what, string? reason) => reason is null ? what : $"{what}: {reason}";
}
