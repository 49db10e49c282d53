using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Reconciler.Providers.Http;

/// <summary>
/// Finds a token that a vendor quotes in an answer. It is removed from text for people. An answer with a token in an
/// id, an address or a word of access is not used at all, so that it never reaches a plan, a log or the state.
/// </summary>
internal static class QuotedToken
{
    /// <summary>
    /// The minimum length of tokens that are searched for, in characters. A shorter one could be any word.
    /// </summary>
    public const int Shortest = 8;

    /// <summary>What is said of an answer with a token, behind its status.</summary>
    public const string Found =
        "with the provider's token in an id, an address, a name or a word of access, "
        + "so nothing of it is used; renew the token";

    private const string Struck = "***";

    /// <summary>
    /// The texts by which a token of two keys is searched for: first the token, then each key, since a vendor may quote
    /// one of them.
    /// </summary>
    /// <param name="token">The token.</param>
    public static IEnumerable<string> PartsOf(string token) =>
        (token.Contains(':', StringComparison.Ordinal) ? [token, .. token.Split(':')] : (string[])[token]).Where(p =>
            p.Length >= Shortest
        );

    /// <summary>
    /// Whether a body may contain one of the tokens, including in escaped form. A fast check, since nearly all bodies
    /// contain none.
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

    /// <summary>Whether a name or a string in JSON contains one of the tokens.</summary>
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

    /// <summary>Whether a text contains one of the tokens, ignoring case.</summary>
    public static bool Holds(ReadOnlySpan<char> text, ImmutableArray<string> tokens)
    {
        foreach (var token in tokens)
        {
            if (text.Contains(token, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Removes the tokens from a text.</summary>
    public static string Strike(string text, ImmutableArray<string> tokens)
    {
        foreach (var token in tokens)
            text = text.Replace(token, Struck, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>Removes the tokens from the strings in JSON.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="InvalidOperationException">A string in it is no text.</exception>
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
