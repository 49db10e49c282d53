using System.Text.Json.Nodes;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Membership;

namespace Reconciler.Manifests.Schemas.Crds;

/// <summary>
/// Writes rules in CEL, for servers from 1.25 on. Each rule repeats a check of the reader or the resolver that a schema
/// cannot express, or expresses in an unclear message ("must validate one and only one schema"). Without the rules the
/// server takes the manifest, and the operator says what is wrong. Only the core of CEL is used.
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

    /// <summary>The rule that access grants something, or that a rule names some.</summary>
    /// <param name="fields">The fields that grant access, each once and in the form that the schema gives it.</param>
    /// <param name="rule">Whether it is a rule that names access.</param>
    public static JsonArray Granting(IReadOnlyList<AccessField> fields, bool rule)
    {
        var any = string.Join(" || ", fields.Select(Grants));
        var words = string.Join(", ", fields.Select(f => f.Form == AccessForm.Flag ? $"{f.Name}: true" : f.Name));
        return
        [
            (JsonNode)Rule(any, $"{(rule ? "names no access" : "grants nothing")}; expected at least one of {words}"),
        ];
    }

    private static string Grants(AccessField field) =>
        field.Form switch
        {
            AccessForm.Words => $"(has(self.{field.Name}) && size(self.{field.Name}) > 0)",
            AccessForm.Flag => $"(has(self.{field.Name}) && self.{field.Name})",
            _ => $"has(self.{field.Name})",
        };

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
