using System.Globalization;
using System.Text;

namespace Reconciler.Core.Manifests.Values.Unicode;

/// <summary>
/// Finds and escapes invisible characters: controls, format characters, fillers, variation selectors. A vendor's text
/// is shown with them escaped, so that two texts that look alike are equal.
/// </summary>
public static class VisibleText
{
    /// <summary>Whether a character is invisible, or changes how the text around it is shown.</summary>
    /// <param name="point">A code point, or a lone surrogate.</param>
    public static bool IsHidden(int point) => point >= 0x7f ? IsHiddenBeyondAscii(point) : point < 0x20;

    /// <summary>Whether text holds a hidden character.</summary>
    /// <param name="text">Any text.</param>
    public static bool HasHidden(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHidden(PointAt(text, ref i)))
                return true;
        }

        return false;
    }

    /// <summary>Escapes hidden characters, such as <c>\u200b</c> and <c>\U000e0041</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepsLines">Whether line feeds, carriage returns and tabs stay.</param>
    public static string Spell(string text, bool keepsLines = false)
    {
        if (!HasHidden(text))
            return text;
        var spelled = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            var point = PointAt(text, ref i);
            if (!IsHidden(point) || (keepsLines && point is '\n' or '\r' or '\t'))
                spelled.Append(text, start, i - start + 1);
            else
                spelled.Append(Spelling(point));
        }

        return spelled.ToString();
    }

    /// <summary>Returns the escape of a hidden character.</summary>
    /// <param name="point">A code point, or a lone surrogate.</param>
    public static string Spelling(int point) =>
        point > 0xffff
            ? string.Create(CultureInfo.InvariantCulture, $"\\U{point:x8}")
            : string.Create(CultureInfo.InvariantCulture, $"\\u{point:x4}");

    /// <summary>Returns a character's number, and the character itself if it is visible.</summary>
    internal static string Name(Rune rune) =>
        IsHidden(rune.Value) || Rune.IsWhiteSpace(rune)
            ? string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}")
            : string.Create(CultureInfo.InvariantCulture, $"{rune} (U+{rune.Value:X4})");

    /// <summary>The code point at a place; of a pair the index moves to its second half.</summary>
    internal static int PointAt(ReadOnlySpan<char> text, ref int i)
    {
        if (!char.IsHighSurrogate(text[i]) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
            return text[i];
        var point = char.ConvertToUtf32(text[i], text[i + 1]);
        i++;
        return point;
    }

    // The Unicode property Default_Ignorable_Code_Point, and other invisible characters: fillers, the Braille blank,
    // line separators, surrogates and non-characters.
    private static bool IsHiddenBeyondAscii(int point) =>
        point
            is <= 0x9f
                or 0xad
                or 0x34f
                or 0x61c
                or 0x115f
                or 0x1160
                or 0x17b4
                or 0x17b5
                or 0x2800
                or 0x3164
                or 0xfeff
                or 0xffa0
                or (>= 0x180b and <= 0x180f)
                or (>= 0x200b and <= 0x200f)
                or (>= 0x2028 and <= 0x202e)
                or (>= 0x2060 and <= 0x206f)
                or (>= 0xd800 and <= 0xdfff)
                or (>= 0xfdd0 and <= 0xfdef)
                or (>= 0xfe00 and <= 0xfe0f)
                or (>= 0xfff0 and <= 0xfffb)
                or (>= 0x1bca0 and <= 0x1bca3)
                or (>= 0x1d159 and <= 0x1d159)
                or (>= 0x1d173 and <= 0x1d17a)
                or (>= 0xe0000 and <= 0xe0fff)
        || (point & 0xfffe) == 0xfffe
        || CharUnicodeInfo.GetUnicodeCategory(point) is UnicodeCategory.Format or UnicodeCategory.PrivateUse;
}
