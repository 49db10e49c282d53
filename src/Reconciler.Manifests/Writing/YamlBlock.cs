using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reconciler.Manifests.Writing;

/// <summary>
/// Writes a JSON value as YAML for people: blocks, long sentences folded, short lists on one line. The same value
/// always gives the same text.
/// </summary>
public static class YamlBlock
{
    private const int Width = 110;

    /// <summary>A document.</summary>
    /// <param name="document">The mapping.</param>
    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        Mapping(text, document, 0);
        return text.ToString();
    }

    private static void Mapping(StringBuilder text, JsonObject mapping, int indent)
    {
        foreach (var (name, value) in mapping)
        {
            Indent(text, indent).Append(YamlText.Scalar(name)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping:
                text.Append('\n');
                Mapping(text, mapping, indent + 2);
                break;
            case JsonArray { Count: > 0 } list when Inline(list) is not { } line || line.Length > Width:
                text.Append('\n');
                foreach (var item in list)
                    Item(text, item, indent);
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String && IsFolded((string)scalar!):
                Fold(text.Append(" >-\n"), (string)scalar!, indent + 2);
                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    // The first field of a mapping is on the line of the dash, so its indentation is cut off.
    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        Indent(text, indent).Append('-');
        if (item is not JsonObject { Count: > 0 } mapping)
        {
            Value(text, item, indent + 2);
            return;
        }

        var inner = new StringBuilder();
        Mapping(inner, mapping, indent + 2);
        text.Append(' ').Append(inner, indent + 2, inner.Length - indent - 2);
    }

    // Returns a value on one line; null if it needs several.
    private static string? Inline(JsonNode? value) =>
        value switch
        {
            JsonArray list => list.All(i => i is JsonValue) ? $"[{string.Join(", ", list.Select(Inline))}]" : null,
            JsonObject mapping => mapping.Count == 0 ? "{}" : null,
            JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => YamlText.Scalar((string)scalar!),
            _ => value?.ToJsonString() ?? "null",
        };

    // Folding joins lines with one space, so only sentences with single spaces and without escapes are folded.
    private static bool IsFolded(string sentence) =>
        sentence.Length > Width
        && sentence
            .Split(' ')
            .All(word =>
                word.Length > 0 && word.All(c => c is > ' ' and not '\u007f' and < '\u0080' or '…' or '→' or '–' or '’')
            );

    private static void Fold(StringBuilder text, string sentence, int indent)
    {
        var used = 0;
        foreach (var word in sentence.Split(' '))
        {
            if (used > 0 && used + word.Length >= Width)
            {
                text.Append('\n');
                used = 0;
            }

            if (used == 0)
                Indent(text, indent);
            else
                text.Append(' ');
            text.Append(word);
            used += word.Length + 1;
        }

        text.Append('\n');
    }

    private static StringBuilder Indent(StringBuilder text, int indent) => text.Append(' ', indent);
}
