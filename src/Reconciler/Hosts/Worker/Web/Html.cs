using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Reconciler.Core.Text;

namespace Reconciler.Hosts.Worker.Web;

/// <summary>A piece of a page, written in code: whatever is filled in is escaped, unless it is such a piece itself.</summary>
internal readonly record struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Html None { get; }

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>A piece as it is written; its holes are escaped.</summary>
    /// <param name="text">The piece.</param>
    public static Html Of(Filling text) => new(text.ToString());

    /// <summary>A piece that is part of the program, such as a style.</summary>
    /// <param name="text">The piece; nothing from outside.</param>
    public static Html Raw(string text) => new(text);

    /// <summary>Pieces, one after another.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="between">What stands between them.</param>
    public static Html Join(IEnumerable<Html> pieces, string between = "") => new(string.Join(Escape(between), pieces));

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    private static string Escape(string text) => WebUtility.HtmlEncode(TerminalText.Escape(text));

    /// <summary>Fills the holes of a piece.</summary>
    /// <param name="literalLength">How long the written part is.</param>
    /// <param name="formattedCount">How many holes it has.</param>
    [InterpolatedStringHandler]
    internal readonly struct Filling(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        /// <summary>What is written in code stays as it is.</summary>
        public void AppendLiteral(string text) => _text.Append(text);

        /// <summary>Text from anywhere is escaped.</summary>
        public void AppendFormatted(string? text) => _text.Append(Escape(text ?? ""));

        /// <summary>A number.</summary>
        public void AppendFormatted(int number) => _text.Append(number.ToString("N0", CultureInfo.InvariantCulture));

        /// <summary>A piece is there already.</summary>
        public void AppendFormatted(Html piece) => _text.Append(piece.ToString());

        /// <summary>Pieces are there already.</summary>
        public void AppendFormatted(IEnumerable<Html> pieces) => _text.AppendJoin("", pieces);

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
