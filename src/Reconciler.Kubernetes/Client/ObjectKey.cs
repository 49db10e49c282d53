using k8s.Models;

namespace Reconciler.Kubernetes.Client;

/// <summary>What one object is called among those of its kind.</summary>
/// <param name="Namespace">Its namespace; null where the kind has none.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    /// <summary>The key of an object with this metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    public static ObjectKey Of(V1ObjectMeta metadata) => new(metadata.NamespaceProperty, metadata.Name ?? "");

    /// <summary>The key as people write it, <c>namespace/name</c>.</summary>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
