using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Events;

/// <summary>Who tells events.</summary>
public sealed record EventOptions
{
    /// <summary>The controller, as a domain with a path: <c>example.com/controller</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Which of its instances.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>How many events may wait to be written; what comes beyond is dropped and counted.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>Told of events that could not be written.</summary>
    public Action<KubernetesException>? Failed { get; init; }
}

/// <summary>Whether somebody should look.</summary>
public enum EventType
{
    /// <summary>As it should be.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning,
}

/// <summary>Something that happened.</summary>
/// <param name="Regarding">What it happened to, with its uid: kubectl describe looks events up by it.</param>
/// <param name="Type">Whether somebody should look.</param>
/// <param name="Reason">Why, in one CamelCase word.</param>
/// <param name="Action">What was done, in one CamelCase word.</param>
/// <param name="Note">What a person should read; at most 1 kB of it is kept.</param>
public sealed record Happening(V1ObjectReference Regarding, EventType Type, string Reason, string Action, string Note);
