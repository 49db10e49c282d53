using System.Text.Json;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Manifests.Yaml;

/// <summary>
/// Turns JSON into the nodes that manifests are read from, so that custom resources get the same checks and messages as
/// files.
/// </summary>
public static class JsonTreeReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="value">The value; the server has refused duplicate keys.</param>
    /// <param name="position">The place of all nodes, because a resource has no lines.</param>
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

    /// <summary>Makes a text node, even if it looks like a number or a flag.</summary>
    public static ScalarNode Text(string text, Position position) => new(position, text, quoted: true);

    /// <summary>Makes a mapping of texts.</summary>
    public static MappingNode Texts(IEnumerable<KeyValuePair<string, string>> texts, Position position) =>
        new(position, [.. texts.Select(t => new MappingEntry(Text(t.Key, position), Text(t.Value, position)))]);
}
