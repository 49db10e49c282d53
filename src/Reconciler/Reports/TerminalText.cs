using System.Globalization;
using System.Text;

namespace Reconciler.Reports;

/// <summary>Makes text of unknown origin safe to print: names at vendors and in manifests could carry terminal commands.</summary>
internal static class TerminalText
{
    /// <summary>The text on one line, with control and direction characters spelled out.</summary>
    public static string Escape(string text)
    {
        if (!text.Any(NeedsSpelling)) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (NeedsSpelling(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>A time to the minute, in UTC.</summary>
    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static bool NeedsSpelling(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u061c' or '\u200b' or '\u200e' or '\u200f' or '\ufeff' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
