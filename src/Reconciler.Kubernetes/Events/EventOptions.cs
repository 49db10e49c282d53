using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>Describes the writer of events.</summary>
public sealed record EventOptions
{
    /// <summary>The name of the controller, as a domain with a path: <c>example.com/controller</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>The name of the controller's instance.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>The maximum number of events that wait to be written. Further events are dropped and counted.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>Called for events that could not be written.</summary>
    public Action<KubernetesException>? Failed { get; init; }
}

/// <summary>The severity of an event.</summary>
public enum EventType
{
    /// <summary>Informational.</summary>
    Normal,

    /// <summary>A problem that a person should look at.</summary>
    Warning,
}

/// <summary>A fact to record as an event.</summary>
/// <param name="Regarding">The object that it is about, with its uid, by which kubectl describe finds events.</param>
/// <param name="Type">The severity.</param>
/// <param name="Reason">The reason, as one CamelCase word.</param>
/// <param name="Action">The action, as one CamelCase word.</param>
/// <param name="Note">The text for people; at most 1 kB of it is kept.</param>
public sealed record Happening(V1ObjectReference Regarding, EventType Type, string Reason, string Action, string Note);
