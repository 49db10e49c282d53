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
    public static Node Read(JsonElement value, Position position)
    {
        var builder = new NodeTableBuilder(position.Path);
        Add(builder, value, position);
        return builder.Finish();
    }

    /// <summary>Makes a text node, even if it looks like a number or a flag.</summary>
    public static ScalarNode Text(string text, Position position) => new(position, text, quoted: true);

    /// <summary>Makes a mapping of texts.</summary>
    public static MappingNode Texts(IEnumerable<KeyValuePair<string, string>> texts, Position position) =>
        new(position, [.. texts.Select(t => new MappingEntry(Text(t.Key, position), Text(t.Value, position)))]);

    private static void Add(NodeTableBuilder builder, JsonElement value, Position position)
    {
        var (_, line, column) = position;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                builder.BeginMapping(line, column);
                foreach (var property in value.EnumerateObject())
                {
                    builder.AddScalar(line, column, property.Name, quoted: true);
                    Add(builder, property.Value, position);
                }

                builder.End();
                break;
            case JsonValueKind.Array:
                builder.BeginSequence(line, column);
                foreach (var item in value.EnumerateArray())
                    Add(builder, item, position);
                builder.End();
                break;
            case JsonValueKind.String:
                builder.AddScalar(line, column, value.GetString()!, quoted: true);
                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                builder.AddScalar(line, column, "null", quoted: false);
                break;
            default:
                builder.AddScalar(line, column, value.GetRawText(), quoted: false);
                break;
        }
    }
}
