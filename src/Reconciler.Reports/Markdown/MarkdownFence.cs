using System.Net;
using System.Text.RegularExpressions;
using Reconciler.Core.Text;

namespace Reconciler.Reports.Markdown;

/// <summary>
/// Embeds untrusted text in a Markdown page. Inside a fence nothing is markup, nobody is mentioned and no image is
/// loaded, provided that the fence is longer than any fence in the text, and that the text contains no line breaks of
/// its own.
/// </summary>
public static partial class MarkdownFence
{
    private const int LongestLine = 1_000;
    private const int LongestName = 120;

    /// <summary>Fences lines, which GitHub and GitLab colour as a diff.</summary>
    internal static string Diff(IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines);
        var fence = new string(
            '`',
            Math.Max(3, Backticks().Matches(text).Select(m => m.Length).DefaultIfEmpty().Max() + 1)
        );
        return $"{fence}diff\n{text}\n{fence}\n";
    }

    /// <summary>
    /// Embeds a short text in a line of HTML as code, where no Markdown is read and nobody is mentioned.
    /// </summary>
    internal static string Code(string text, int longest = LongestName) =>
        $"<code>{WebUtility.HtmlEncode(Clip(TerminalText.Escape(text), longest))}</code>";

    /// <summary>Shortens a very long line, but never inside a spelled-out character.</summary>
    public static string Clip(string line, int longest = LongestLine)
    {
        if (line.Length <= longest)
            return line;
        var cut = longest;
        var spelled = line.LastIndexOf("\\u", cut - 1, Math.Min(cut, 6), StringComparison.Ordinal);
        if (spelled >= 0 && spelled + 6 > cut)
            cut = spelled;
        if (cut > 0 && char.IsHighSurrogate(line[cut - 1]))
            cut--;
        return $"{line[..cut]}… ({line.Length - cut} characters more)";
    }

    [GeneratedRegex("`+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Backticks();
}
