using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reconciler.Tests.Golden;

/// <summary>The dates of a case that is played at another time than the one it was written for.</summary>
internal static partial class GoldenDates
{
    /// <summary>Moves every date of a folder's files by some days: what was yesterday is yesterday again.</summary>
    public static async Task MoveAsync(string folder, int days, CancellationToken cancellation)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // Whatever bytes a hostile file holds stay as they are.
            var text = await File.ReadAllTextAsync(file, Encoding.Latin1, cancellation);
            var moved = Date().Replace(text, date => Moved(date.Value, days));
            if (moved != text)
                await File.WriteAllTextAsync(file, moved, Encoding.Latin1, cancellation);
        }
    }

    /// <summary>The text without its dates and times.</summary>
    public static string Leave(string text) => Moment().Replace(text, "DATE");

    private static string Moved(string date, int days) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            ? read.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : date;

    [GeneratedRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2}", RegexOptions.None, 60_000)]
    private static partial Regex Date();

    [GeneratedRegex(
        "20[0-9]{2}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\\.[0-9]+)?Z?)?",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Moment();
}
