using System.Globalization;
using System.Text;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Reports;

/// <summary>Makes hidden characters in JSON visible, without changing its values.</summary>
internal static class JsonText
{
    /// <summary>Writes every hidden character in the strings of JSON as an escape.</summary>
    /// <param name="json">JSON with a structure of visible characters and line breaks.</param>
    public static string Visible(string json)
    {
        if (!VisibleText.HasHidden(json))
            return json;
        var visible = new StringBuilder(json.Length + 64);
        foreach (var rune in json.EnumerateRunes())
        {
            // JSON has line breaks between values only.
            if (rune.Value is '\n' or '\r' or '\t' || !VisibleText.IsHidden(rune.Value))
                visible.Append(rune.ToString());
            else
                foreach (var unit in rune.ToString())
                    visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return visible.ToString();
    }

    /// <summary>
    /// Spells out the hidden characters in the strings of JSON, for a page that shows the strings as they are.
    /// </summary>
    /// <param name="json">
    /// JSON in ASCII, as <see cref="System.Text.Encodings.Web.JavaScriptEncoder.Default"/> writes it.
    /// </param>
    public static string Spelled(string json)
    {
        if (!json.Contains('\\', StringComparison.Ordinal))
            return json;
        var spelled = new StringBuilder(json.Length + 64);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
                spelled.Append(json[i]);
            else if (json[i + 1] is 'b' or 'f')
                spelled.Append('\\').Append(VisibleText.Spelling(json[++i] == 'b' ? '\b' : '\f'));
            else if (json[i + 1] != 'u')
                spelled.Append(json, i++, 2);
            else
                i += Escape(json, i, spelled) - 1;
        }

        return spelled.ToString();
    }

    // One escape, or the two escapes of a surrogate pair.
    private static int Escape(string json, int at, StringBuilder spelled)
    {
        var point = Unit(json, at);
        var length = 6;
        if (
            char.IsHighSurrogate((char)point)
            && json.AsSpan(at + 6).StartsWith("\\u", StringComparison.Ordinal)
            && char.IsLowSurrogate((char)Unit(json, at + 6))
        )
        {
            (point, length) = (char.ConvertToUtf32((char)point, (char)Unit(json, at + 6)), 12);
        }

        if (VisibleText.IsHidden(point))
            spelled.Append('\\').Append(VisibleText.Spelling(point));
        else
            spelled.Append(json, at, length);
        return length;
    }

    private static int Unit(string json, int at) =>
        int.Parse(json.AsSpan(at + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
