using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Reconciling;

/// <summary>Notices when the annotation of a membership asks for a reconcile. Used by the loop alone.</summary>
internal sealed class RequestAnnotations
{
    private readonly Dictionary<ObjectKey, string?> _handled = [];

    /// <summary>
    /// Whether the annotation has a value that no leader has handled yet; it counts as handled from now on.
    /// </summary>
    public bool TryHandle(ClusterResource resource)
    {
        var requested = resource.Annotation(ClusterResource.RequestedAt);
        var last = _handled.TryGetValue(resource.Key, out var handled)
            ? handled
            : resource.StatusWord("lastHandledRequestedAt");
        _handled[resource.Key] = requested;
        return requested is not null && requested != last;
    }
}
