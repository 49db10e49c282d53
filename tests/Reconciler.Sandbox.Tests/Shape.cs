using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reconciler.Sandbox.Tests;

/// <summary>The fields and kinds of a JSON value, without its contents: <c>{id:string,tags:[string]}</c>.</summary>
internal static class Shape
{
    public static string Of(JsonNode? node) =>
        node switch
        {
            null => "null",
            JsonObject map => "{"
                + string.Join(
                    ',',
                    map.OrderBy(field => field.Key, StringComparer.Ordinal)
                        .Select(field => $"{field.Key}:{Of(field.Value)}")
                )
                + "}",
            JsonArray list => "[" + string.Join('|', list.Select(Of).Distinct()) + "]",
            _ => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False
                ? "bool"
                : $"{node.GetValueKind()}".ToLowerInvariant(),
        };
}
