using System.Text.Json.Nodes;
using Reconciler.Manifests.Schemas.Crds;

namespace Reconciler.Operator.Schemas;

/// <summary>The status of a ProjectMembership.</summary>
internal static class MembershipStatusSchema
{
    private const int Wide = 4096;

    /// <summary>The schema.</summary>
    public static JsonObject Of() =>
        ConditionSchema.FromTheBeginning(
            Structural.Mapping(
                "What the operator did and saw. Written by the operator alone.",
                ("observedGeneration", ConditionSchema.Generation()),
                ("shard", Structural.Text("The shard of the operator that works on it.", 63)),
                ("conditions", ConditionSchema.List("Ready always; Reconciling and Stalled only where they hold.")),
                ("project", Project("The project at the vendor.")),
                ("declared", Structural.Count("How many people are declared.")),
                ("converged", Structural.Count("How many of them have exactly the declared access.")),
                ("summary", Structural.Text("How it stands, in a line.", 200)),
                (
                    "loosened",
                    Structural.List(
                        "Limits that a change loosens; those last applied counted.",
                        100,
                        Structural.Text("A limit.", Wide)
                    )
                ),
                ("plan", Plan()),
                ("people", Structural.List("Who has not the declared access yet; the first hundred.", 100, Person())),
                ("peopleCount", Structural.Count("How many have not the declared access yet.")),
                ("findings", Structural.Count("How many findings there are.")),
                (
                    "lastHandledRequestedAt",
                    Structural.Text("The annotation reconciler.dev/requestedAt that was last obeyed.", 262_144)
                ),
                ("lastChangedAt", Structural.Time("When something was last written at the vendor.")),
                ("ledger", LedgerSchema.Of("What the vendor does not remember.")),
                (
                    "former",
                    Structural.List(
                        "Projects that the resource declared before, while their people are still to be revoked.",
                        10,
                        Former()
                    )
                )
            )
        );

    private static JsonObject Project(string description) =>
        Structural.Mapping(
            description,
            ("type", Structural.Text("The vendor.", 63)),
            ("baseUrl", Structural.Text("Where its API is.", Wide)),
            ("projectId", Structural.Text("The vendor's id of the project.", 1024)),
            ("name", Structural.Text("The vendor's name of the project, where it has one.", Wide))
        );

    private static JsonObject Plan() =>
        Structural.Mapping(
            "What is to be done, where something is.",
            [
                ("digest", Structural.Text("The digest of the plan.", 128)),
                ("hold", Structural.Text("The digest of what is held, as an Approval names it.", 128)),
                .. new[] { "invite", "add", "update", "resend", "replace", "revoke", "remove" }.Select(verb =>
                    (verb, Structural.Count($"How many actions of the kind {verb}."))
                ),
                ("held", Structural.List("Why the plan is held.", 100, Structural.Text("A reason.", Wide))),
                (
                    "actions",
                    Structural.List("The actions; the first hundred.", 100, Structural.Text("An action.", 300))
                ),
            ]
        );

    private static JsonObject Person() =>
        Structural.Mapping(
            "Somebody who has not the declared access yet.",
            ("person", Structural.Text("Who.", Wide)),
            ("state", Structural.Text("How it stands, such as Waiting.", 64)),
            ("message", Structural.Text("Why, for people.", 32_768))
        );

    private static JsonObject Former() =>
        Structural.Mapping(
            "A project that the resource declared before.",
            ("project", Project("The project at the vendor.")),
            ("ledger", LedgerSchema.Of("What the vendor does not remember of it."))
        );
}
