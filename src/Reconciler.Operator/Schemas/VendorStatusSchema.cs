using System.Text.Json.Nodes;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>The status of a VendorDefinition.</summary>
internal static class VendorStatusSchema
{
    /// <summary>The schema.</summary>
    public static JsonObject Of() =>
        ConditionSchema.FromTheBeginning(
            Structural.Mapping(
                "What the operator found in the definition. Written by the operator alone.",
                ("observedGeneration", ConditionSchema.Generation()),
                ("conditions", ConditionSchema.List("Ready always; Stalled only where something is wrong.")),
                (
                    "digest",
                    Structural.Text("The digest of the definition in force, as plans and approvals count it.", 128)
                )
            )
        );
}
