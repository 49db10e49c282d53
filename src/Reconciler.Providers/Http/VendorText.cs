using System.Globalization;
using System.Text;
using System.Text.Json;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Providers.Http;

/// <summary>Makes text from a vendor safe for a message: short, on one line, and without the token.</summary>
internal static class VendorText
{
    private const int Longest = 300;
    private const int Deepest = 4;

    /// <summary>
    /// Puts a text on one line of at most 300 characters. Control characters become spaces; other hidden characters are
    /// spelled out.
    /// </summary>
    /// <param name="text">The text from the vendor.</param>
    /// <param name="secret">
    /// The token to remove, ignoring case, since a vendor may quote the token that it refuses, for example in a host
    /// name.
    /// </param>
    public static string Clean(string text, string? secret = null)
    {
        if (secret is not null)
            text = QuotedToken.Strike(text, [.. QuotedToken.PartsOf(secret)]);
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest)
                return clean.Append('…').ToString();
            var isBreak =
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator;
            if (!VisibleText.IsHidden(rune.Value))
                clean.Append(rune.ToString());
            else if (!isBreak)
                clean.Append(VisibleText.Spelling(rune.Value));
            else if (clean.Length > 0 && clean[^1] != ' ')
                clean.Append(' ');
        }

        return clean.ToString().Trim();
    }

    /// <summary>
    /// Extracts the message of an error in any of the vendors' formats: <c>{"error":"…"}</c>,
    /// <c>{"success":false,"error":"…"}</c>, <c>{"errors":["…"]}</c>, <c>{"detail":"…"}</c> and <c>{"field":["…"]}</c>,
    /// or plain text. Empty where there is no readable message.
    /// </summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="mediaType">The media type, in lower case; null where the answer has none.</param>
    /// <param name="secret">The token, which must not be shown.</param>
    public static string OfError(ReadOnlyMemory<byte> body, string? mediaType, string? secret)
    {
        if (mediaType == "text/plain")
            return Clean(Encoding.UTF8.GetString(body.Span), secret);
        try
        {
            using var json = JsonDocument.Parse(body);
            return Clean(string.Join(' ', Sentences(json.RootElement, "", 0)), secret);
        }
        // A string may hold bytes that are no UTF-8, or half a surrogate pair: that is found when it is read.
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Sentences(JsonElement element, string field, int depth)
    {
        if (depth > Deepest)
            return [];
        return element.ValueKind switch
        {
            JsonValueKind.String => [field.Length == 0 ? element.GetString()! : $"{field}: {element.GetString()}"],
            JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Sentences(item, field, depth + 1)),
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member => Sentences(member.Value, Field(member.Name, field), depth + 1)),
            _ => [],
        };
    }

    // Names that only mark an error, such as "error", are left out.
    private static string Field(string name, string outer) =>
        name is "error" or "errors" or "detail" or "message" or "non_field_errors" ? outer
        : outer.Length == 0 ? name
        : $"{outer}.{name}";
}
