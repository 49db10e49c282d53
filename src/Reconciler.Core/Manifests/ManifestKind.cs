using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Core.Manifests;

/// <summary>A kind of document.</summary>
/// <param name="Name">The name in <c>kind:</c>.</param>
/// <param name="Plural">The name in a resource's URL.</param>
/// <param name="Shape">The fields of such a document, besides apiVersion and kind.</param>
public sealed record ManifestKind(string Name, string Plural, RecordShape Shape)
{
    /// <summary>Every kind, in the order of the documentation.</summary>
    public static ImmutableArray<ManifestKind> All { get; } =
    [
        new("AccessProvider", "accessproviders", AccessProvider.Shape),
        new("ProjectMembership", "projectmemberships", ProjectMembership.Shape),
        new("Team", "teams", Team.Shape),
        new("AccessRole", "accessroles", AccessRole.Shape),
        new("Person", "persons", Person.Shape),
        new("Guardrail", "guardrails", Guardrail.Shape),
        new("Approval", "approvals", Approval.Shape),
    ];

    /// <summary>The type that holds such a document.</summary>
    public Type Type => Shape.Type;
}
