using System.Globalization;

namespace Reconciler.Core.Manifests.Values;

/// <summary>
/// A length of time as manifests write it: <c>90s</c>, <c>10m</c>, <c>1h30m</c>, <c>14d</c>; whole seconds, at most
/// 3650 days.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Value">The length.</param>
public sealed record Duration(string Text, TimeSpan Value) : IFieldText<Duration>
{
    private static readonly string[] Numbers =
    [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <inheritdoc/>
    public static string Pattern => "^([0-9]+[smhd])+$";

    /// <inheritdoc/>
    public static string Expected => "a duration such as 30s, 10m, 1h30m or 14d (at most 3650d)";

    /// <inheritdoc/>
    public static string Example => "72h";

    /// <inheritdoc/>
    public static Duration? Parse(string text)
    {
        var total = TimeSpan.Zero;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
                continue;
            if (
                i == start
                || !long.TryParse(
                    text.AsSpan(start, i - start),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var count
                )
            )
                return null;
            var seconds = UnitSeconds(text[i]);
            if (seconds == 0 || count > Longest.TotalSeconds / seconds)
                return null;
            total += TimeSpan.FromSeconds(count * seconds);
            start = i + 1;
        }

        return start == 0 || start != text.Length || total > Longest ? null : new Duration(text, total);
    }

    /// <summary>Formats a number of one unit in words, such as "five minutes".</summary>
    /// <param name="number">The number, in digits.</param>
    /// <param name="unit">One of s, m, h and d.</param>
    public static string Words(string number, char unit)
    {
        var name = unit switch
        {
            's' => "second",
            'm' => "minute",
            'h' => "hour",
            _ => "day",
        };
        var count =
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value < Numbers.Length
                ? Numbers[value]
                : number;
        return number == "1" ? $"{count} {name}" : $"{count} {name}s";
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static long UnitSeconds(char unit) =>
        unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => 0,
        };
}
