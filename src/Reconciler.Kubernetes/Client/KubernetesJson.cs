using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Reconciler.Kubernetes.Events;
using Reconciler.Kubernetes.Leasing;

namespace Reconciler.Kubernetes.Client;

/// <summary>How the types of this client are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = Depth)]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(DeleteBody))]
[JsonSerializable(typeof(ServerVersion))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(ClusterEvent))]
internal sealed partial class KubernetesJson : JsonSerializerContext
{
    /// <summary>Servers take objects of 10,000 levels. One that nobody here could read would hide all others of its list.</summary>
    public const int Depth = 16_384;

    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = Depth };
}
