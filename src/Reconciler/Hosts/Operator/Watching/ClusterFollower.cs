using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Events;
using Reconciler.Kubernetes.Watching;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// Follows the resources of the cluster, on every replica, and writes Events. It runs until the work has ended, so that a
/// stop loses no Event.
/// </summary>
internal sealed class ClusterFollower : BackgroundService
{
    private readonly OperatorSettings _settings;
    private readonly ResourceCache _catalog;
    private readonly StatusStore _book;
    private readonly OperatorLoop _loop;
    private readonly EventRecorder _recorder;
    private readonly ImmutableArray<(ManifestKind Kind, Reflector<ClusterResource> Reflector)> _followed;

    /// <summary>Makes it; nothing is read yet.</summary>
    /// <param name="settings">Which namespace is followed, and which memberships are this shard's.</param>
    /// <param name="client">Reaches the cluster.</param>
    /// <param name="catalog">Where the resources are kept.</param>
    /// <param name="book">What is remembered of memberships.</param>
    /// <param name="loop">Is told of every change.</param>
    /// <param name="recorder">Writes the Events.</param>
    /// <param name="logger">Where failures are told.</param>
    public ClusterFollower(
        OperatorSettings settings,
        ClusterClient client,
        ResourceCache catalog,
        StatusStore book,
        OperatorLoop loop,
        EventRecorder recorder,
        ILogger logger
    )
    {
        (_settings, _catalog, _book, _loop, _recorder) = (settings, catalog, book, loop, recorder);
        _followed = [.. ManifestKind.All.Select(kind => (kind, Follow(kind, client, logger)))];
    }

    /// <summary>Ends once every kind was read for the first time.</summary>
    public Task Synced => Task.WhenAll(_followed.Select(f => f.Reflector.Synced));

    /// <summary>The kinds that cannot be followed now.</summary>
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
                Selection = new() { Namespace = _settings.WatchNamespace },
                Failed = failed => OperatorLog.ServerFailed(logger, failed.Message),
            }
        );
        reflector.Store.Subscribe(change => Changed(kind, change));
        return reflector;
    }

    private void Changed(ManifestKind kind, StoreChange<ClusterResource> change)
    {
        Slim(change);
        if (
            change.After?.Value is { IsBeingDeleted: true } deleted
            && _book.Find(change.Key) is { } leaving
            && leaving.Uid == deleted.Metadata.Uid
        )
            leaving.IsDeletionSeen = true;
        var isMembership = kind.Type == typeof(ProjectMembership);
        var isSame =
            change is { Before.Value: { } before, After.Value: { } after } && ClusterResource.IsSameWish(before, after);
        // A status alone is not read again: connections are found by the very specification that was read first.
        if (isSame && !isMembership)
        {
            _catalog.Refresh(kind, change.After!.Value!);
            if (kind.Type == typeof(AccessProvider))
                _loop.Remembered(change.Key.Namespace ?? "default");
            return;
        }

        var resource = change.After is not { } item
            ? null
            : item.Value ?? new ClusterResource { Metadata = item.Metadata };
        _catalog.Note(kind, change.Key, resource);
        var known = isSame && _loop.IsLeading ? _book.Find(change.Key) : null;
        known?.Share(change.After!.Value!);
        if (!isSame || known?.Unreadable is not null || IsNews(change.Before!.Value!, change.After!.Value!))
            _loop.Touch(kind, change.Key);
    }

    // A status of another shard's counts removals; one of ours that went back was wiped, or edited by hand.
    private bool IsNews(ClusterResource before, ClusterResource after) =>
        !_settings.Selector.Matches(after.Labels)
        || MembershipStatus.RevisionOf(after) < MembershipStatus.RevisionOf(before);

    // What it asks for is kept once, however often its status changes.
    private static void Slim(StoreChange<ClusterResource> change)
    {
        if (change.After is not { } item)
            return;
        ClusterResource.Slim(item.Metadata);
        item.Value?.NoteManager();
        ClusterResource.Slim(item.Value?.Metadata);
        if (item.Value is { } after && change.Before?.Value is { } before && ClusterResource.IsSameSpec(before, after))
            after.Spec = before.Spec;
    }
}
