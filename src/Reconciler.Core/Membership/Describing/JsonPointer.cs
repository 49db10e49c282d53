using System.Collections.Immutable;
using System.Text.Json;

namespace Reconciler.Core.Membership.Describing;

/// <summary>A place in a JSON value (RFC 6901), such as <c>/user/email</c>; empty for the whole value.</summary>
public sealed class JsonPointer
{
    private readonly ImmutableArray<string> _names;

    private JsonPointer(string text, ImmutableArray<string> names) => (Text, _names) = (text, names);

    /// <summary>The whole value.</summary>
    public static JsonPointer Whole { get; } = new("", []);

    /// <summary>The pointer as it is written.</summary>
    public string Text { get; }

    /// <summary>Reads a pointer.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The pointer; null if the text is none.</returns>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0)
            return Whole;
        if (text[0] != '/' || !EscapesAreRight(text))
            return null;
        return new(
            text,
            [
                .. text[1..]
                    .Split('/')
                    .Select(n =>
                        n.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                    ),
            ]
        );
    }

    /// <summary>Finds the value.</summary>
    /// <param name="root">Where the pointer begins.</param>
    /// <param name="found">The value; undefined if there is none.</param>
    /// <returns>Whether there is a value, and it is not null.</returns>
    public bool TryFind(JsonElement root, out JsonElement found)
    {
        found = root;
        foreach (var name in _names)
        {
            if (found.ValueKind == JsonValueKind.Object)
            {
                if (!found.TryGetProperty(name, out found))
                    return false;
            }
            else if (
                found.ValueKind != JsonValueKind.Array
                || !int.TryParse(
                    name,
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var index
                )
                || index >= found.GetArrayLength()
            )
            {
                found = default;
                return false;
            }
            else
            {
                found = found[index];
            }
        }

        return found.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
    }

    /// <summary>Whether there is such a place, even with null in it.</summary>
    /// <param name="root">Where the pointer begins.</param>
    public bool IsIn(JsonElement root) => TryFind(root, out var found) || found.ValueKind == JsonValueKind.Null;

    /// <summary>Returns the text of the value; null if there is none, or a list or mapping.</summary>
    /// <param name="root">Where the pointer begins.</param>
    public string? TextIn(JsonElement root) => TryFind(root, out var found) ? TextOf(found) : null;

    /// <summary>
    /// Returns the text of a value: a number as JSON writes it; <c>true</c> or <c>false</c>; null for a list or mapping.
    /// </summary>
    /// <param name="value">The value.</param>
    public static string? TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool EscapesAreRight(string text)
    {
        for (var at = text.IndexOf('~', StringComparison.Ordinal); at >= 0; at = text.IndexOf('~', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] is not ('0' or '1'))
                return false;
        }

        return true;
    }
}
