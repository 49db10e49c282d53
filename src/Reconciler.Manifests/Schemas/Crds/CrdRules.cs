using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>
/// Writes rules in CEL, for servers from 1.25 on. Each rule repeats a check of the reader or the resolver that a schema
/// cannot express, or expresses in an unclear message ("must validate one and only one schema"). Only the core of CEL
/// is used.
/// </summary>
internal static class CrdRules
{
    /// <summary>The rules of a mapping.</summary>
    /// <param name="record">The mapping's shape.</param>
    public static JsonArray Of(RecordShape record) =>
        [
            .. record.ExactlyOne.Select(g =>
                (JsonNode)Rule($"{Present(g)} == 1", $"exactly one of {string.Join(", ", g)} is expected")
            ),
            .. record.AtMostOne.Select(g =>
                (JsonNode)Rule($"{Present(g)} <= 1", $"at most one of {string.Join(", ", g)} is expected")
            ),
            .. Own(record.Type),
        ];

    private static IEnumerable<JsonNode> Own(Type type)
    {
        if (type == typeof(RemovalLimit))
            yield return Rule(
                "!has(self.percentFrom) || has(self.percent)",
                "percentFrom stands without percent; expected percent beside it"
            );
        if (type != typeof(LabelCondition))
            yield break;
        yield return Rule(
            "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
            "In and NotIn need values; Exists and DoesNotExist have none"
        );
    }

    private static string Present(IReadOnlyList<string> fields) =>
        string.Join(" + ", fields.Select(f => $"(has(self.{f}) ? 1 : 0)"));

    private static JsonObject Rule(string rule, string message) =>
        new JsonObject { ["rule"] = rule, ["message"] = message };
}
