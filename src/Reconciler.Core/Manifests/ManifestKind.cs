using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests;

/// <summary>A kind of document.</summary>
/// <param name="Name">The name in <c>kind:</c>.</param>
/// <param name="Plural">The name in a resource's URL.</param>
/// <param name="Type">The type that holds such a document.</param>
public sealed record ManifestKind(string Name, string Plural, Type Type)
{
    /// <summary>Every kind, in the order of the documentation.</summary>
    public static ImmutableArray<ManifestKind> All { get; } =
    [
        new("AccessProvider", "accessproviders", typeof(AccessProvider)),
        new("ProjectMembership", "projectmemberships", typeof(ProjectMembership)),
        new("Team", "teams", typeof(Team)),
        new("AccessRole", "accessroles", typeof(AccessRole)),
        new("Person", "persons", typeof(Person)),
        new("Guardrail", "guardrails", typeof(Guardrail)),
        new("Approval", "approvals", typeof(Approval)),
    ];

    /// <summary>The fields of such a document, besides apiVersion and kind.</summary>
    public RecordShape Shape => ShapeOf.Record(Type);
}
