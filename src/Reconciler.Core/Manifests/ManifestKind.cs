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
    /// <summary>Every kind of manifest, in the order of the documentation.</summary>
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

    /// <summary>
    /// The kind that the runner reads from a folder of its own, and an operator as resources that belong to no
    /// namespace.
    /// </summary>
    public static ManifestKind VendorDefinition { get; } =
        new("VendorDefinition", "vendordefinitions", Kinds.VendorDefinition.Shape) { IsClusterScoped = true };

    /// <summary>Every kind that a file may hold.</summary>
    public static ImmutableArray<ManifestKind> OfFiles { get; } = [.. All, VendorDefinition];

    /// <summary>Whether such a resource belongs to no namespace, so that no right in a namespace reaches it.</summary>
    public bool IsClusterScoped { get; private init; }

    /// <summary>The type that holds such a document.</summary>
    public Type Type => Shape.Type;
}
