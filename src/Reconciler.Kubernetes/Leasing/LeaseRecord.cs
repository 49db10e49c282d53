using k8s.Models;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>
/// The Lease as this process sees it. Its expiry is measured on a monotonic clock, from the time when a change was seen
/// here. The timestamps in it are for people only, since clocks of other machines may be wrong.
/// </summary>
internal sealed class LeaseRecord(ClusterClient client, LeaderElectionOptions options, TimeProvider clock)
{
    private static readonly ResourceType<V1Lease> Type = new(
        V1Lease.KubeGroup,
        V1Lease.KubeApiVersion,
        V1Lease.KubePluralName,
        V1Lease.KubeKind
    );

    private V1LeaseSpec? _seen;
    private long _seenAt;

    public string? Holder => _seen?.HolderIdentity;

    /// <summary>Takes the lease; false where another process has it, or was faster.</summary>
    public Task<bool> TryTakeAsync(CancellationToken cancellation) => TryHoldAsync(IsFree, cancellation);

    /// <summary>
    /// Renews the lease; false where it is no longer held by this process. That includes a free lease, since another
    /// process may have held it and worked.
    /// </summary>
    public Task<bool> TryRenewAsync(CancellationToken cancellation) => TryHoldAsync(_ => false, cancellation);

    private async Task<bool> TryHoldAsync(Func<V1LeaseSpec?, bool> take, CancellationToken cancellation)
    {
        try
        {
            if (await ReadAsync(cancellation) is not { } lease)
            {
                See((await client.CreateAsync(Type, options.Lease.Namespace, New(), cancellation)).Spec);
                return true;
            }

            if (lease.Spec?.HolderIdentity != options.Identity && !take(lease.Spec))
                return false;
            var ours = lease with { Spec = Held(lease.Spec) };
            See((await client.ReplaceAsync(Type, options.Lease, ours, cancellation)).Spec);
            return true;
        }
        // The write contains the version that was read, so only one of two parallel writes succeeds.
        catch (KubernetesException failed) when (failed.IsConflict || failed.IsAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Releases the lease, if it is still held by this process, so that nobody waits for its end.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is not { } lease || lease.Spec?.HolderIdentity != options.Identity)
            return;
        var now = clock.GetUtcNow().UtcDateTime;
        var free = lease.Spec with
        {
            HolderIdentity = "",
            LeaseDurationSeconds = 1,
            AcquireTime = now,
            RenewTime = now,
        };
        await client.ReplaceAsync(Type, options.Lease, lease with { Spec = free }, cancellation);
    }

    private async Task<V1Lease?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var lease = await client.GetAsync(Type, options.Lease, cancellation);
            if (lease.Spec != _seen)
                See(lease.Spec);
            return lease;
        }
        catch (KubernetesException failed) when (failed.IsNotFound)
        {
            return null;
        }
    }

    private void See(V1LeaseSpec? spec) => (_seen, _seenAt) = (spec, clock.GetTimestamp());

    private bool IsFree(V1LeaseSpec? spec) => spec is null or { HolderIdentity: null or "" } || IsExpired(spec);

    // The duration comes from the holder's record, since it may differ from ours during an upgrade.
    private bool IsExpired(V1LeaseSpec spec) =>
        clock.GetElapsedTime(_seenAt)
        >= (spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.LeaseDuration);

    private V1Lease New() =>
        new()
        {
            ApiVersion = Type.ApiVersion,
            Kind = Type.Kind,
            Metadata = new() { Name = options.Lease.Name, NamespaceProperty = options.Lease.Namespace },
            Spec = Held(null),
        };

    private V1LeaseSpec Held(V1LeaseSpec? before)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var ours = before?.HolderIdentity == options.Identity;
        return new()
        {
            HolderIdentity = options.Identity,
            LeaseDurationSeconds = (int)options.LeaseDuration.TotalSeconds,
            AcquireTime = ours ? before!.AcquireTime : now,
            RenewTime = now,
            LeaseTransitions = before is null ? 0 : (before.LeaseTransitions ?? 0) + (ours ? 0 : 1),
        };
    }
}
