using System.Text.Json.Nodes;
using Reconciler.Manifests.Schemas;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>What both statuses have: conditions in Kubernetes' form, removals that count for limits.</summary>
internal static class ConditionSchema
{
    // Generations begin at 1, so no resource has this one.
    private const int Unseen = -1;

    /// <summary>The generation that a status speaks of.</summary>
    public static JsonObject Generation() => Structural.Count("The generation of the resource that this speaks of.");

    /// <summary>
    /// A status that is there from the beginning and speaks of no generation. Without it kstatus, and with it Flux and
    /// kpt, take a resource at which nobody has looked yet for one that is ready.
    /// </summary>
    /// <param name="status">The status's schema.</param>
    public static JsonObject FromTheBeginning(JsonObject status)
    {
        status["properties"]!["observedGeneration"] = Structural.Integer(
            "The generation of the resource that this speaks of; -1 until the operator has looked at it.",
            Unseen
        );
        status["default"] = new JsonObject { ["observedGeneration"] = Unseen };
        return status;
    }

    /// <summary>Conditions, told apart by their type.</summary>
    /// <param name="types">Which there are.</param>
    public static JsonObject List(string types)
    {
        var status = Structural.Text("Whether it holds.", 16);
        status.Remove("maxLength");
        status["enum"] = ShapeSchemas.Array(["True", "False", "Unknown"]);
        var condition = Structural
            .Mapping(
                "A condition, as Kubernetes' tools read it.",
                ("type", Structural.Text("Its name.", 316)),
                ("status", status),
                ("reason", Structural.Text("Why, in one word.", 1024)),
                ("message", Structural.Text("Why, for people.", 32_768)),
                ("observedGeneration", Generation()),
                ("lastTransitionTime", Structural.Time("When status last changed."))
            )
            .Requiring("type", "status");
        var list = Structural.List(types, 8, condition);
        list["x-kubernetes-list-type"] = "map";
        list["x-kubernetes-list-map-keys"] = ShapeSchemas.Array(["type"]);
        return list;
    }

    /// <summary>Removals that limits over a provider count.</summary>
    /// <param name="description">Which.</param>
    public static JsonObject Removals(string description) =>
        Structural.List(
            description,
            200,
            Structural.Mapping(
                "Removals of one reconcile.",
                ("at", Structural.Time("When.")),
                ("count", Structural.Count("How many people."))
            )
        );
}
