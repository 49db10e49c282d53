using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Caching;

/// <summary>
/// Holds the newest <see cref="MembershipStatus"/> of one resource. The value is immutable; this cell replaces it under
/// its lock, so that reflectors, reconciles and the loop can each change it without losing another's change.
/// </summary>
/// <param name="resource">The resource.</param>
internal sealed class TrackedMembership(ClusterResource resource)
{
    private readonly Lock _lock = new();
    private MembershipStatus _status = MembershipStatus.Of(resource, LedgerVersion.Next());

    /// <summary>The namespace and name of the resource.</summary>
    public ObjectKey Key { get; } = resource.Key;

    /// <summary>The uid of the resource.</summary>
    public string Uid { get; } = resource.Metadata.Uid ?? "";

    /// <summary>The newest status.</summary>
    public MembershipStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>
    /// Lets one write at a time be sent to the server; entered for a whole write, and never from within <see
    /// cref="Update"/>.
    /// </summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Replaces the status.</summary>
    /// <param name="change">Returns the next value; it is quick and changes nothing else.</param>
    public void Update(Func<MembershipStatus, MembershipStatus> change)
    {
        lock (_lock)
            _status = change(_status);
    }

    /// <summary>Replaces the status, and returns what the change found out.</summary>
    /// <param name="change">Returns the next value, and the result.</param>
    public T Update<T>(Func<MembershipStatus, (MembershipStatus Status, T Result)> change)
    {
        lock (_lock)
        {
            (_status, var result) = change(_status);
            return result;
        }
    }
}
