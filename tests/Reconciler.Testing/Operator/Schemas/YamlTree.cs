using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Testing.Sources;

namespace Reconciler.Testing.Operator.Schemas;

/// <summary>YAML as kubectl sends it: JSON.</summary>
public static class YamlTree
{
    public static JsonObject One(string text) => Assert.IsType<JsonObject>(Assert.Single(All(text)));

    public static IEnumerable<JsonNode?> All(string text)
    {
        var (documents, problems, _) = Reading.Tree(text);
        Assert.Empty(problems);
        return documents.Select(Json);
    }

    private static JsonNode? Json(Node node) =>
        node switch
        {
            MappingNode mapping => new JsonObject(
                mapping.Entries.Select(e => KeyValuePair.Create(e.Name, Json(e.Value)))
            ),
            SequenceNode list => new JsonArray([.. list.Items.Select(Json)]),
            ScalarNode { Kind: ScalarKind.Text, Text: var text } => text,
            ScalarNode { Kind: ScalarKind.Flag, Text: var flag } => bool.Parse(flag),
            ScalarNode { Kind: ScalarKind.Number, Text: var number } => long.TryParse(
                number,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var whole
            )
                ? whole
                : double.Parse(number, CultureInfo.InvariantCulture),
            _ => null,
        };
}
