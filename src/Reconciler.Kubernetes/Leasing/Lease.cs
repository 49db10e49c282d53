using System.Text.Json.Serialization;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>A <c>coordination.k8s.io</c> Lease: who may work, and until when the others wait.</summary>
internal sealed record Lease(string? ApiVersion, string? Kind, ObjectMeta Metadata, LeaseSpec? Spec)
{
    public static ResourceType<Lease> Type { get; } = new("coordination.k8s.io", "v1", "leases", "Lease", KubernetesJson.Default.Lease);
}

/// <summary>The record that the holder renews. Two that are equal are the same renewal.</summary>
internal sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTime))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTime))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
