using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>Configures how a reflector follows the server.</summary>
public sealed record ReflectorOptions
{
    /// <summary>Selects the objects.</summary>
    public Selection Selection { get; init; } = Selection.Everything;

    /// <summary>The minimum time after which the server ends a watch.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// The maximum time after which the server ends a watch. The actual time is random, so that watches do not all end
    /// together.
    /// </summary>
    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>A watch that ends sooner than this, and without an event, counts as a failure.</summary>
    public TimeSpan TooShort { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether to start with a stream instead of a list where the server supports it, which saves the server from
    /// building the list.
    /// </summary>
    public bool StreamInitialList { get; init; } = true;

    /// <summary>The waits after failures.</summary>
    public BackoffOptions Backoff { get; init; } = new();

    /// <summary>Called for every failure; the reflector continues.</summary>
    public Action<KubernetesException>? Failed { get; init; }
}
