using System.Globalization;
using System.Text;
using System.Text.Json;
using Reconciler.Core.Manifests.Values.Unicode;

namespace Reconciler.Providers.Http;

/// <summary>Makes text that a vendor sent fit for a message: short, on one line, and without the token.</summary>
internal static class VendorText
{
    private const int Longest = 300;
    private const int Deepest = 4;

    /// <summary>
    /// Text on one line, cut to 300 characters: control characters become a space, other hidden ones are spelled out.
    /// </summary>
    /// <param name="text">What the vendor sent.</param>
    /// <param name="secret">
    /// What must not be shown, also in other capitals: a vendor may quote the token it refuses, in a host's name too.
    /// </param>
    public static string Clean(string text, string? secret = null)
    {
        if (secret?.Length >= QuotedToken.Shortest)
            text = text.Replace(secret, "***", StringComparison.OrdinalIgnoreCase);
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
    /// What an error says, in any of the vendors' shapes: <c>{"error":"…"}</c>, <c>{"success":false,"error":"…"}</c>,
    /// <c>{"errors":["…"]}</c>, <c>{"detail":"…"}</c> and <c>{"field":["…"]}</c>, or plain text. Empty where it says
    /// nothing readable.
    /// </summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="mediaType">Its type, in lower case; null where the answer names none.</param>
    /// <param name="secret">What must not be shown.</param>
    public static string OfError(ReadOnlyMemory<byte> body, string? mediaType, string? secret)
    {
        if (mediaType == "text/plain")
            return Clean(Encoding.UTF8.GetString(body.Span), secret);
        try
        {
            using var json = JsonDocument.Parse(body);
            return Clean(string.Join(' ', Sentences(json.RootElement, "", 0)), secret);
        }
        catch (JsonException)
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

    // Names that only say "here is the error" are left out.
    private static string Field(string name, string outer) =>
        name is "error" or "errors" or "detail" or "message" or "non_field_errors" ? outer
        : outer.Length == 0 ? name
        : $"{outer}.{name}";
}
