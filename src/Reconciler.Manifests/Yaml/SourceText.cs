using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Decodes the bytes of a file into text, and refuses binary files. A YAML parser takes a NUL byte for the end, so a
/// file that a power failure filled with NUL bytes would declare nothing.
/// </summary>
public static class SourceText
{
    private const string NulBytes = "is not text: NUL bytes stand here, as after a power failure; restore the file";
    private const string NoMark = "is not text: it looks like UTF-16 without a byte order mark; save it as UTF-8";

    /// <summary>Decodes a file: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <param name="path">The file's name in problems.</param>
    /// <param name="bytes">What the file holds.</param>
    /// <param name="problems">Gets a problem if it is no text.</param>
    /// <returns>The text; null if it is no text.</returns>
    public static string? Decode(string path, ReadOnlySpan<byte> bytes, Problems problems)
    {
        var (encoding, mark) = EncodingOf(bytes);
        if (mark == 0 && LooksLikeUtf16(bytes))
            return Refuse(new(path, 0, 0), NoMark, problems);
        string text;
        try
        {
            text = encoding.GetString(bytes[mark..]);
        }
        catch (DecoderFallbackException)
        {
            // NUL bytes explain the file better than the invalid bytes after them.
            var nul = bytes.IndexOf((byte)0);
            var where =
                nul >= 0 && encoding is UTF8Encoding
                    ? PlaceOf(path, Encoding.UTF8.GetString(bytes[mark..nul]), int.MaxValue)
                    : default;
            return nul >= 0 && encoding is UTF8Encoding
                ? Refuse(where, NulBytes, problems)
                : Refuse(
                    new(path, 0, 0),
                    encoding is UTF8Encoding ? "is not UTF-8 text" : "is not UTF-16 text; save it as UTF-8",
                    problems
                );
        }

        return IsText(path, text, problems) ? text : null;
    }

    /// <summary>
    /// Whether a text holds only printable characters, as YAML defines them; reports a problem if not.
    /// </summary>
    /// <param name="path">The text's name in problems.</param>
    /// <param name="text">The text.</param>
    /// <param name="problems">Gets the problem.</param>
    internal static bool IsText(string path, string text, Problems problems)
    {
        // Look for NUL bytes first, wherever they are, because they explain what happened to the file.
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        var at = nul >= 0 ? nul : text.AsSpan().IndexOfAny(Unprintable.Characters);
        if (at >= 0)
        {
            var message =
                nul >= 0
                    ? NulBytes
                    : $"is not text: the control character \\u{(int)text[at]:x4} stands here; delete it";
            Refuse(PlaceOf(path, text, at), message, problems);
            return false;
        }

        return Deceiving(path, text) is not var (place, what) || Refuse(place, what, problems) is not null;
    }

    /// <summary>
    /// Finds characters that make a text mean something else than it shows: one that ends a line for a YAML parser but
    /// not for an editor, so that an entry could hide in a comment, or one that changes the direction of text.
    /// </summary>
    private static (Position At, string What)? Deceiving(string path, string text)
    {
        var rest = text.AsSpan();
        for (var from = 0; rest[from..].IndexOfAny(Unprintable.Deceiving) is >= 0 and var found; from += found + 1)
        {
            var at = from + found;
            if (text[at] != '\r')
                return (
                    PlaceOf(path, text, at),
                    $"holds \\u{(int)text[at]:x4}, which hides how this line is read; delete it, "
                        + $"or write \"\\u{(int)text[at]:x4}\" in double quotes"
                );
            if (at + 1 == text.Length || text[at + 1] != '\n')
                return (
                    PlaceOf(path, text, at),
                    "holds a carriage return without a line feed, which only some programs take for the end of a line; "
                        + "save it with LF"
                );
        }

        return null;
    }

    private static (Encoding Encoding, int Mark) EncodingOf(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (new UTF8Encoding(false, throwOnInvalidBytes: true), 3),
            [0xFF, 0xFE, 0, 0, ..] => (
                new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
                4
            ),
            [0xFF, 0xFE, ..] => (
                new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
                2
            ),
            [0xFE, 0xFF, ..] => (
                new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
                2
            ),
            _ => (new UTF8Encoding(false, throwOnInvalidBytes: true), 0),
        };

    // Manifests are mostly ASCII, so in UTF-16 every other byte is NUL and the bytes between are not.
    private static bool LooksLikeUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || bytes.Length % 2 != 0)
            return false;
        Span<int> nuls = [0, 0];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == 0)
                nuls[i % 2]++;
        }

        var half = bytes.Length / 2;
        return (nuls[0] == 0 && nuls[1] > half / 2) || (nuls[1] == 0 && nuls[0] > half / 2);
    }

    private static Position PlaceOf(string path, string text, int at)
    {
        var before = text.AsSpan(0, Math.Min(at, text.Length));
        var line = before.Count('\n') + 1;
        return new(path, line, before.Length - before.LastIndexOf('\n'));
    }

    private static string? Refuse(Position at, string message, Problems problems)
    {
        problems.Error(at, message);
        return null;
    }

    /// <summary>The characters that YAML 1.2 (5.1) does not call printable.</summary>
    private static class Unprintable
    {
        // Ends of lines (YAML 1.1, 5.4), and the directions of the Unicode Bidirectional Algorithm (UAX #9).
        public static readonly System.Buffers.SearchValues<char> Deceiving = System.Buffers.SearchValues.Create(
            "\r\u0085\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        );

        public static readonly System.Buffers.SearchValues<char> Characters = System.Buffers.SearchValues.Create([
            .. Enumerable
                .Range(0, 0xA0)
                .Select(c => (char)c)
                .Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\u0085')),
            '\uFFFE',
            '\uFFFF',
        ]);
    }
}
