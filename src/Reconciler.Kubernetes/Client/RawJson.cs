using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reconciler.Kubernetes.Client;

/// <summary>
/// JSON in plain UTF-8. The server reads the body of a server-side apply as YAML, which knows no surrogate escapes, and no encoder of the
/// base library leaves characters beyond the basic plane alone: emoji come as <c>\uD83D\uDE00</c>. Those pairs, and nothing else, are written out.
/// </summary>
internal static class RawJson
{
    private const int EscapeLength = 6;

    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // What else is a line break or unprintable in YAML stays escaped.
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return WithoutSurrogates(buffer.WrittenMemory);
    }

    internal static ReadOnlyMemory<byte> WithoutSurrogates(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf((byte)'\\') < 0) return json;
        var from = json.Span;
        var to = new byte[from.Length];
        var length = 0;
        for (var at = 0; at < from.Length;)
        {
            if (Pair(from[at..]) is { } rune)
            {
                length += rune.EncodeToUtf8(to.AsSpan(length));
                at += 2 * EscapeLength;
                continue;
            }

            // An escaped backslash is taken in one step, so that the letter after it starts no escape.
            var step = from[at] == '\\' ? 2 : 1;
            from.Slice(at, step).CopyTo(to.AsSpan(length));
            (at, length) = (at + step, length + step);
        }

        return to.AsMemory(0, length);
    }

    private static Rune? Pair(ReadOnlySpan<byte> text) =>
        Escape(text) is { } high && Escape(text[EscapeLength..]) is { } low && Rune.TryCreate(high, low, out var rune) ? rune : null;

    private static char? Escape(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength && text[0] == '\\' && text[1] == 'u' && ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? (char)code
            : null;
}
