using System.Text.Json.Nodes;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>The status of an AccessProvider.</summary>
internal static class ProviderStatusSchema
{
    /// <summary>The schema.</summary>
    public static JsonObject Of() =>
        ConditionSchema.FromTheBeginning(
            Structural.Mapping(
                "What the operator saw of the vendor. Written by the operator alone.",
                ("observedGeneration", ConditionSchema.Generation()),
                ("conditions", ConditionSchema.List("Ready.")),
                ("reachable", Structural.Flag("Whether the last request was answered.")),
                ("memberships", Structural.Count("How many ProjectMemberships use it.")),
                ("lastSuccessAt", Structural.Time("When a request last succeeded.")),
                (
                    "lastError",
                    Structural.Mapping(
                        "The last failure.",
                        ("at", Structural.Time("When.")),
                        ("message", Structural.Text("What failed.", 32_768))
                    )
                ),
                (
                    "quota",
                    Structural.Mapping(
                        "What the vendor said of its limit.",
                        ("limit", Structural.Count("How many requests it allows.")),
                        ("remaining", Structural.Count("How many are left.")),
                        ("resetAt", Structural.Time("When the next window of the limit begins."))
                    )
                ),
                (
                    "removals",
                    Structural.Map(
                        "Removals of late by ProjectMemberships that are gone, by shard.",
                        100,
                        ConditionSchema.Removals("Those that a shard made.")
                    )
                )
            )
        );
}
