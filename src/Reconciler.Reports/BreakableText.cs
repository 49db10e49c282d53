using System.Net;
using System.Text;

namespace Reconciler.Reports;

/// <summary>
/// Writes texts for pages so that a narrow column breaks them where a reader would: after a sign that joins words, as
/// in addresses, paths and the names of roles. The break adds no character to what is copied.
/// </summary>
public static class BreakableText
{
    // No column is narrower; a longer piece without a sign, such as a hash, may break anywhere.
    private const int LongestPiece = 32;

    /// <summary>The text as HTML, with places where a line may end.</summary>
    /// <param name="text">The text, not yet encoded.</param>
    /// <param name="encode">Encodes it.</param>
    public static string Html(string text, Func<string, string>? encode = null)
    {
        encode ??= WebUtility.HtmlEncode!;
        var html = new StringBuilder(text.Length + 16);
        for (var from = 0; from < text.Length; )
        {
            var to = PieceEnd(text, from);
            if (from > 0 && text[from - 1] != ' ')
                html.Append("<wbr>");
            html.Append(encode(text[from..to]));
            from = to;
        }

        return html.ToString();
    }

    private static int PieceEnd(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == ' ' || (IsSign(text, at) && (at + 1 == text.Length || !IsSign(text, at + 1))))
                return at + 1;
            // Never between the halves of a surrogate pair.
            if (at - from >= LongestPiece && !char.IsLowSurrogate(text[at]))
                return at;
        }

        return text.Length;
    }

    // A date stays whole, so that a dash counts beside a letter only.
    private static bool IsSign(string text, int at) =>
        text[at] is '@' or '.' or '_' or '/'
        || (
            text[at] == '-'
            && ((at > 0 && char.IsLetter(text[at - 1])) || (at + 1 < text.Length && char.IsLetter(text[at + 1])))
        );
}
