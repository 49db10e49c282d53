using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Watching;

/// <summary>How a reflector follows the server.</summary>
public sealed record ReflectorOptions
{
    /// <summary>Which objects.</summary>
    public Selection Selection { get; init; } = Selection.Everything;

    /// <summary>The shortest time after which the server is to end a watch, so that none lasts for ever.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The longest; between the two, chance keeps watches from all ending at once.</summary>
    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// A watch that ends sooner than this without an event is a failure, whatever the server calls it.
    /// </summary>
    public TimeSpan TooShort { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether to begin with a stream instead of a list where the server can, which spares it building the list.
    /// </summary>
    public bool StreamInitialList { get; init; } = true;

    /// <summary>The waits after failures.</summary>
    public BackoffOptions Backoff { get; init; } = new();

    /// <summary>Told of every failure; the reflector goes on.</summary>
    public Action<KubernetesException>? Failed { get; init; }
}
