using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Writing;

/// <summary>
/// Writes values as YAML that every reader reads back as the same text: unquoted if it is unambiguous, else in double
/// quotes. Characters that a reviewer would not see are escaped.
/// </summary>
internal static class YamlText
{
    /// <summary>A value, in a list or mapping of either style.</summary>
    public static string Scalar(string text)
    {
        if (IsBare(text))
            return text;
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                quoted.Append('\\');
            Append(quoted, rune);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Returns the text of a comment on one line.</summary>
    public static string Comment(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Append(line, rune);
        return line.ToString();
    }

    // Letters, digits and the characters of addresses and ids. Some readers take a leading digit for a number or a
    // date, unless the whole is a UUID; words such as yes and no are flags in YAML 1.1.
    private static bool IsBare(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || Guid.TryParseExact(text, "D", out _))
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '@' or '.' or '-' or '_' or '+')
        && new ScalarNode(Position.None, text, quoted: false).Kind == ScalarKind.Text;

    private static void Append(StringBuilder text, Rune rune)
    {
        if (!IsHidden(rune))
            text.Append(rune);
        else if (rune.IsBmp)
            text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else
            text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
    }

    // Control characters, line breaks of any kind, characters without width or that change the direction of text, and
    // non-characters.
    private static bool IsHidden(Rune rune) =>
        rune.Value == '\u00a0'
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;
}
