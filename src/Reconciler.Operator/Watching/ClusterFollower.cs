using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Events;
using Reconciler.Kubernetes.Watching;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Reconciling;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Vendors;

namespace Reconciler.Operator.Watching;

/// <summary>
/// Watches the resources of the cluster, on every replica, and writes Events. It runs until the loop has ended, so that
/// a stop loses no Event.
/// </summary>
internal sealed class ClusterFollower : BackgroundService
{
    private readonly OperatorSettings _settings;
    private readonly ResourceCache _cache;
    private readonly StatusStore _store;
    private readonly ChangeQueue _changes;
    private readonly OperatorDesiredState _desired;
    private readonly ClusterVendors _vendors;
    private readonly VendorUsers _vendorUsers;
    private readonly VendorStatuses _vendorStatuses;
    private readonly EventRecorder _recorder;
    private readonly ImmutableArray<(ManifestKind Kind, Reflector<ClusterResource> Reflector)> _followed;

    /// <summary>Makes the reflectors; nothing is read yet.</summary>
    /// <param name="settings">Which namespace is followed, and which memberships are this shard's.</param>
    /// <param name="client">Reaches the cluster.</param>
    /// <param name="cache">Where the resources are kept.</param>
    /// <param name="store">The statuses of memberships.</param>
    /// <param name="changes">Gets the keys of what changed.</param>
    /// <param name="desired">Loads removals from statuses of AccessProviders.</param>
    /// <param name="vendors">Where VendorDefinitions are kept.</param>
    /// <param name="vendorUsers">Says where they are named.</param>
    /// <param name="vendorStatuses">Writes their statuses.</param>
    /// <param name="recorder">Writes the Events.</param>
    /// <param name="logger">Where failures are logged.</param>
    public ClusterFollower(
        OperatorSettings settings,
        ClusterClient client,
        ResourceCache cache,
        StatusStore store,
        ChangeQueue changes,
        OperatorDesiredState desired,
        ClusterVendors vendors,
        VendorUsers vendorUsers,
        VendorStatuses vendorStatuses,
        EventRecorder recorder,
        ILogger logger
    )
    {
        (_settings, _cache, _store, _recorder) = (settings, cache, store, recorder);
        (_changes, _desired) = (changes, desired);
        (_vendors, _vendorUsers, _vendorStatuses) = (vendors, vendorUsers, vendorStatuses);
        var kinds = settings.VendorDefinitions ? ManifestKind.OfFiles : ManifestKind.All;
        _followed = [.. kinds.Select(kind => (kind, Follow(kind, client, logger)))];
    }

    /// <summary>Ends once every kind was listed for the first time.</summary>
    public Task Synced => Task.WhenAll(_followed.Select(f => f.Reflector.Synced));

    /// <summary>The kinds that cannot be watched now.</summary>
    public IEnumerable<ManifestKind> Frozen => _followed.Where(f => !f.Reflector.IsReady).Select(f => f.Kind);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([
            .. _followed.Select(f => EndedAsync(f.Reflector.RunAsync(stoppingToken))),
            _recorder.RunAsync(stoppingToken),
        ]);

    private static async Task EndedAsync(Task following)
    {
        try
        {
            await following;
        }
        catch (OperationCanceledException)
        {
            // A stop ends every reflector in this way.
        }
    }

    private Reflector<ClusterResource> Follow(ManifestKind kind, ClusterClient client, ILogger logger)
    {
        var reflector = new Reflector<ClusterResource>(
            client,
            ClusterResource.Types[kind.Name],
            new()
            {
                Selection = new() { Namespace = kind.IsClusterScoped ? null : _settings.WatchNamespace },
                Failed = failed => Failed(kind, failed, logger),
            }
        );
        if (kind.Type == typeof(VendorDefinition))
            reflector.Store.Subscribe(VendorChanged);
        else
            reflector.Store.Subscribe(change => Changed(kind, change));
        return reflector;
    }

    // The cluster has this kind only where somebody installed it, and until it can be followed the operator does
    // nothing. So the line says what to do.
    private static void Failed(ManifestKind kind, KubernetesException failed, ILogger logger)
    {
        if (kind.Type == typeof(VendorDefinition) && (failed.IsNotFound || failed.IsForbidden))
            OperatorLog.VendorsNotFollowed(logger, failed.Message);
        else
            OperatorLog.ServerFailed(logger, failed.Message);
    }

    private void Changed(ManifestKind kind, StoreChange<ClusterResource> change)
    {
        Trim(change);
        MarkDeletion(change);
        var isMembership = kind.Type == typeof(ProjectMembership);
        var isSame =
            change is { Before.Value: { } before, After.Value: { } after }
            && ClusterResource.IsSameRequest(before, after);
        // Where only the status changed, the manifest is not read again: connections are found by the spec that was
        // read first.
        if (isSame && !isMembership)
        {
            _cache.SetStatus(kind, change.After!.Value!);
            if (kind.Type == typeof(AccessProvider))
                _desired.LoadRemovals(change.Key.Namespace ?? "default");
            return;
        }

        var resource = change.After is not { } item
            ? null
            : item.Value ?? new ClusterResource { Metadata = item.Metadata };
        _cache.Set(kind, change.Key, resource);
        var known = isSame && _changes.IsOpen ? _store.Find(change.Key) : null;
        known?.Update(s => s.WithShared(change.After!.Value!));
        if (isSame && known?.Status.Unreadable is null && !IsForeignWrite(change.Before!.Value!, change.After!.Value!))
            return;
        if (isMembership)
            _changes.MarkDirty(change.Key);
        else
            _changes.MarkDirty(change.Key.Namespace ?? "default");
    }

    // Only namespaces that name the vendor are evaluated again, since that stops what is under way in them.
    private void VendorChanged(StoreChange<ClusterResource> change)
    {
        Trim(change);
        var name = change.Key.Name;
        if (change is { Before.Value: { } before, After.Value: { } after } && ClusterResource.IsSameSpec(before, after))
            _vendors.SetStatus(after);
        else
        {
            var now = change.After is { } item
                ? CheckedDefinition.Of(item.Value ?? new() { Metadata = item.Metadata }, item.Problem)
                : null;
            var was = _vendors.Set(name, now);
            if (!CheckedDefinition.MeanTheSame(was, now))
                foreach (var @namespace in _vendorUsers.NamespacesOf(name, was?.Vendor, now?.Vendor))
                    _changes.MarkDirty(@namespace);
        }

        _changes.Post(() => _vendorStatuses.Refresh(name));
    }

    private void MarkDeletion(StoreChange<ClusterResource> change)
    {
        if (
            change.After?.Value is { IsBeingDeleted: true } deleted
            && _store.Find(change.Key) is { } tracked
            && tracked.Uid == deleted.Metadata.Uid
        )
            tracked.Update(s => s with { IsDeletionSeen = true });
    }

    // Another shard's status counts removals; one of this shard whose revision went back was wiped, or edited by hand.
    private bool IsForeignWrite(ClusterResource before, ClusterResource after) =>
        !_settings.Selector.Matches(after.Labels) || after.StatusRevision < before.StatusRevision;

    // One copy of the spec is kept, however often the status changes.
    private static void Trim(StoreChange<ClusterResource> change)
    {
        if (change.After is not { } item)
            return;
        ClusterResource.Trim(item.Metadata);
        item.Value?.KeepSpecManager();
        ClusterResource.Trim(item.Value?.Metadata);
        if (item.Value is { } after && change.Before?.Value is { } before && ClusterResource.IsSameSpec(before, after))
            after.Spec = before.Spec;
    }
}
