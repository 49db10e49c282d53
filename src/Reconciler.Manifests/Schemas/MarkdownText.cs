using System.Globalization;
using System.Text;

namespace Reconciler.Manifests.Schemas;

/// <summary>Builds a Markdown page. All plain text is escaped here, and nowhere else.</summary>
public sealed class MarkdownText
{
    private const string Special = "\\`*_[]<>|#~";

    private readonly StringBuilder _text = new();

    /// <summary>Text with everything that Markdown could take for markup escaped; one line.</summary>
    /// <param name="text">Plain text.</param>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings(" "))
        {
            if (Special.Contains(c, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Text set as code, also inside a table.</summary>
    /// <param name="text">Plain text.</param>
    public static string Code(string text)
    {
        // A bar ends a table cell even inside code. A fence that is longer than any run of backticks contains the text.
        var line = text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
        if (!line.Contains('`', StringComparison.Ordinal))
            return $"`{line}`";
        var fence = new string('`', line.Split('`').Length);
        return $"{fence} {line} {fence}";
    }

    /// <summary>Adds a heading.</summary>
    /// <param name="level">From 1.</param>
    /// <param name="text">Plain text.</param>
    public MarkdownText Heading(int level, string text) =>
        Block(string.Create(CultureInfo.InvariantCulture, $"{new string('#', level)} {Escape(text)}"));

    /// <summary>Adds a paragraph that is Markdown already.</summary>
    /// <param name="markdown">The paragraph.</param>
    public MarkdownText Paragraph(string markdown) => Block(markdown);

    /// <summary>Adds text as it is, in a fence.</summary>
    /// <param name="language">The language.</param>
    /// <param name="text">The text.</param>
    public MarkdownText Fence(string language, string text) => Block($"```{language}\n{text.TrimEnd('\n')}\n```");

    /// <summary>Adds a table.</summary>
    /// <param name="head">The columns' names.</param>
    /// <param name="rows">The rows, whose cells are Markdown already.</param>
    public MarkdownText Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        Block(
            string.Join(
                '\n',
                rows.Prepend([.. head.Select(_ => "---")]).Prepend(head).Select(r => $"| {string.Join(" | ", r)} |")
            )
        );

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private MarkdownText Block(string markdown)
    {
        if (_text.Length > 0)
            _text.Append('\n');
        _text.Append(markdown).Append('\n');
        return this;
    }
}
