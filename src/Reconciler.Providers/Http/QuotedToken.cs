using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Reconciler.Providers.Http;

/// <summary>
/// Finds a token that a vendor quotes back. In prose it is struck out. An id, an address or a word of access is
/// compared and sent as it
/// is, so that an answer with a token there is not used at all: nothing of it reaches a plan, a log or the state.
/// </summary>
internal static class QuotedToken
{
    /// <summary>The shortest token that is looked for, in characters: a shorter one may be any word.</summary>
    public const int Shortest = 8;

    private const string Struck = "***";

    /// <summary>
    /// Whether a body may hold one of the tokens, be it in escapes. Quick, since nearly all bodies hold none.
    /// </summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json, ImmutableArray<string> tokens)
    {
        if (tokens.IsEmpty)
            return false;
        if (json.Contains((byte)'\\'))
            return true;
        var text = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(json.Length));
        try
        {
            var length = Encoding.UTF8.GetChars(json, text);
            return Holds(text.AsSpan(0, length), tokens);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }

    /// <summary>Whether a name or a text of some JSON holds one of the tokens.</summary>
    public static bool IsIn(ReadOnlySpan<byte> json, ImmutableArray<string> tokens)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (
                reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                && Holds(reader.GetString(), tokens)
            )
                return true;
        }

        return false;
    }

    /// <summary>Whether a text holds one of the tokens, in any capitals.</summary>
    public static bool Holds(ReadOnlySpan<char> text, ImmutableArray<string> tokens)
    {
        foreach (var token in tokens)
        {
            if (text.Contains(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>A text without the tokens.</summary>
    public static string Strike(string text, ImmutableArray<string> tokens)
    {
        foreach (var token in tokens)
            text = text.Replace(token, Struck, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>JSON whose texts are without the tokens.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Strike(ReadOnlySpan<byte> json, ImmutableArray<string> tokens)
    {
        var struck = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(struck, new JsonWriterOptions { SkipValidation = true, MaxDepth = 64 }))
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
                Copy(ref reader, writer, tokens);
        }

        return struck.WrittenSpan.ToArray();
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, ImmutableArray<string> tokens)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(Strike(reader.GetString()!, tokens));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
