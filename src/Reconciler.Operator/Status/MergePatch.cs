using System.Text.Json.Nodes;

namespace Reconciler.Operator.Status;

/// <summary>Computes JSON merge patches (RFC 7386): removed fields become null, lists are replaced whole.</summary>
internal static class MergePatch
{
    /// <summary>The patch; empty where they are the same.</summary>
    /// <param name="before">What the server has.</param>
    /// <param name="after">What it is to have; holds no null itself.</param>
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before.Where(f => !after.ContainsKey(f.Key)))
            patch[name] = null;
        foreach (var (name, value) in after)
        {
            var old = before[name];
            if (JsonNode.DeepEquals(old, value))
                continue;
            patch[name] =
                old is JsonObject was && value is JsonObject wanted ? Between(was, wanted) : value?.DeepClone();
        }

        return patch;
    }
}
