using System.Text;
using Reconciler.Core.Text;
using Reconciler.Reports.Markdown;

namespace Reconciler.Worker.Notifications;

/// <summary>
/// Untrusted text inside a message to a chat. It is formatted as code, where neither Slack's mrkdwn nor Markdown makes
/// links, images or bold text; what Slack reads even in code is escaped, and no <c>@here</c> alerts anybody.
/// </summary>
internal static class ChatText
{
    // An invisible character that keeps a chat from reading a mention after an @.
    private const char WordJoiner = '\u2060';

    private static readonly string[] Everybody = ["here", "channel", "everyone", "all", "group"];

    /// <summary>The text on one line, in code, cut where it is very long.</summary>
    public static string Code(string text, int longest)
    {
        // A backtick would end the code, and chats do not show empty code as code.
        var plain = MarkdownFence.Clip(TerminalText.Escape(text), longest).Replace('`', '\'').Trim();
        return $"`{Escape(plain.Length == 0 ? "(empty)" : plain)}`";
    }

    /// <summary>
    /// Without what Slack takes for links, channels and people, and without the bare mentions that other chats read.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            // Slack asks to escape these three characters only: https://api.slack.com/reference/surfaces/formatting
            escaped = text[i] switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(text[i]),
            };
            if (IsAt(text[i]) && IsMention(text, i))
                escaped.Append(WordJoiner);
        }

        return escaped.ToString();
    }

    private static bool IsAt(char c) => c is '@' or '\uff20' or '\ufe6b';

    // The @ of an address has a letter before it, and stays as it is, so that the address can be copied.
    private static bool IsMention(string text, int at) =>
        at == 0
        || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '.' or '+' or '-')
        || Array.Exists(Everybody, w => text.AsSpan(at + 1).StartsWith(w, StringComparison.OrdinalIgnoreCase));
}
