using System.Text.Json.Serialization;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>An <c>events.k8s.io</c> Event as the server keeps it.</summary>
internal sealed record ClusterEvent
{
    public static ResourceType<ClusterEvent> ResourceType { get; } = new("events.k8s.io", "v1", "events", "Event", KubernetesJson.Default.ClusterEvent);

    public string ApiVersion { get; init; } = "events.k8s.io/v1";

    public string Kind { get; init; } = "Event";

    public required ObjectMeta Metadata { get; init; }

    [JsonConverter(typeof(MicroTime))]
    public required DateTimeOffset? EventTime { get; init; }

    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public ObjectReference? Regarding { get; init; }

    public ObjectReference? Related { get; init; }

    public string? Note { get; init; }

    public string? Type { get; init; }

    public EventSeries? Series { get; init; }
}

/// <summary>How often an event happened.</summary>
internal sealed record EventSeries(int Count, [property: JsonConverter(typeof(MicroTime))] DateTimeOffset LastObservedTime);

/// <summary>An object that something is said about.</summary>
/// <param name="ApiVersion">Its group and version.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace; null where the kind has none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid: kubectl describe looks events up by it.</param>
/// <param name="ResourceVersion">The version that was looked at.</param>
public sealed record ObjectReference(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid = null, string? ResourceVersion = null);
