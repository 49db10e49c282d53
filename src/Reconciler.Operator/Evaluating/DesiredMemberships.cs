using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;

namespace Reconciler.Operator.Evaluating;

/// <summary>Keeps the evaluation of every membership. Used by the loop alone.</summary>
internal sealed class DesiredMemberships
{
    private readonly Dictionary<ObjectKey, DesiredMembership> _living = [];
    private readonly Dictionary<string, DesiredMembership> _gone = new(StringComparer.Ordinal);

    /// <summary>Those in the cluster, then those that are gone and whose people are still in.</summary>
    public IEnumerable<DesiredMembership> All => _living.Values.Concat(_gone.Values);

    /// <summary>Those that are gone from the cluster and whose people are still in.</summary>
    public IReadOnlyCollection<DesiredMembership> Gone => _gone.Values;

    /// <summary>Finds a membership in the cluster; null where there is none.</summary>
    public DesiredMembership? Find(ObjectKey key) => _living.GetValueOrDefault(key);

    /// <summary>Replaces the evaluation of a membership in the cluster.</summary>
    public void Set(ObjectKey key, DesiredMembership membership) => _living[key] = membership;

    /// <summary>Removes a membership that is in the cluster no more.</summary>
    public void Remove(ObjectKey key) => _living.Remove(key);

    /// <summary>Replaces the evaluation of a membership that is gone.</summary>
    public void SetGone(DesiredMembership gone) => _gone[gone.Tracked.Uid] = gone;

    /// <summary>Forgets a membership that is gone, since nothing of it is left to be done.</summary>
    public void Forget(DesiredMembership gone, StatusStore store)
    {
        _gone.Remove(gone.Tracked.Uid);
        store.Forget(gone.Tracked);
    }

    /// <summary>Decides who owns which project, by the newest statuses.</summary>
    /// <param name="now">The time.</param>
    public OwnershipDecision Decide(DateTimeOffset now) =>
        new OwnershipIndex([.. All.Select(m => m.Refreshed())], now).Decide();
}
