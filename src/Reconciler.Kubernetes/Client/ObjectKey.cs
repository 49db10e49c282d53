using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>The namespace and name of an object among those of its kind.</summary>
/// <param name="Namespace">The namespace; null where the kind has none.</param>
/// <param name="Name">The name.</param>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    /// <summary>Creates the key of the object with this metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    public static ObjectKey Of(V1ObjectMeta metadata) => new(metadata.NamespaceProperty, metadata.Name ?? "");

    /// <summary>Formats the key as <c>namespace/name</c>.</summary>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
