using System.Text.Json;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Turns JSON into the nodes that manifests are read from, so that a custom resource gets the same checks and texts as
/// a file.
/// </summary>
public static class JsonTreeReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="value">The value; a server has refused keys that come twice.</param>
    /// <param name="position">What all of it is said to stand at: a resource has no lines.</param>
    public static Node Read(JsonElement value, Position position) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => new MappingNode(
                position,
                [
                    .. value
                        .EnumerateObject()
                        .Select(p => new MappingEntry(Text(p.Name, position), Read(p.Value, position))),
                ]
            ),
            JsonValueKind.Array => new SequenceNode(
                position,
                [.. value.EnumerateArray().Select(i => Read(i, position))]
            ),
            JsonValueKind.String => Text(value.GetString()!, position),
            JsonValueKind.Null or JsonValueKind.Undefined => new ScalarNode(position, "null", quoted: false),
            _ => new ScalarNode(position, value.GetRawText(), quoted: false),
        };

    /// <summary>A text, whatever it looks like.</summary>
    public static ScalarNode Text(string text, Position position) => new(position, text, quoted: true);

    /// <summary>A mapping of texts.</summary>
    public static MappingNode Texts(IEnumerable<KeyValuePair<string, string>> texts, Position position) =>
        new(position, [.. texts.Select(t => new MappingEntry(Text(t.Key, position), Text(t.Value, position)))]);
}
