using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Manifests.Loading;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>
/// The desired state of a worker: it fetches the source on its interval, puts good revisions in force, and resolves the
/// one in force again where access ends or documents are gone. Fetching and resolving run beside the loop, one at a
/// time; everything else runs on it.
/// </summary>
/// <param name="settings">The settings at the start.</param>
/// <param name="files">Where relative paths of the settings start.</param>
/// <param name="fetcher">Fetches the source.</param>
/// <param name="store">The ledgers, which name projects whose documents are gone.</param>
/// <param name="loader">Resolves the manifests again.</param>
/// <param name="inForce">The revision in force.</param>
/// <param name="state">Looks at the state file.</param>
/// <param name="orphans">Deletes ledgers that nothing needs any more.</param>
/// <param name="schedule">When each project is due.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="publisher">Logs and publishes how the source stands.</param>
/// <param name="notifier">Logs what fails.</param>
/// <param name="queue">The way back to the loop.</param>
/// <param name="clock">The time.</param>
public sealed class WorkerDesiredState(
    WorkerSettings settings,
    WorkerFiles files,
    SourceFetcher fetcher,
    ILedgerStore store,
    ManifestLoader loader,
    RevisionInForce inForce,
    StateFollower state,
    OrphanedLedgers orphans,
    Schedule schedule,
    WorkerSnapshotBuilder snapshots,
    WorkerEventPublisher publisher,
    ReconcileNotifier notifier,
    LoopQueue queue,
    TimeProvider clock
) : IDesiredStateSource
{
    private static readonly TimeSpan ResolveRetry = TimeSpan.FromSeconds(30);

    private WorkerSettings _settings = settings;
    private SourceStatus _source = snapshots.Status.Source;
    private DateTimeOffset _fetchAt = clock.GetUtcNow();
    private DateTimeOffset? _resolveAt;
    private ResolvedManifests? _manifests;
    private Task? _underWay;
    private CancellationToken _stopping;
    private int _settingsGeneration;

    // Requests are counted, since a resolve that began before the last request does not answer it.
    private int _resolveRequests;

    /// <inheritdoc/>
    public DateTimeOffset? NextAt =>
        _underWay is not null ? null
        : _resolveAt < _fetchAt ? _resolveAt
        : _fetchAt;

    /// <inheritdoc/>
    public bool IsBusy => _underWay is not null;

    /// <inheritdoc/>
    public void Start() => publisher.Following(fetcher.Origin, files.State);

    /// <inheritdoc/>
    public void Refresh(CancellationToken stopping)
    {
        _stopping = stopping;
        state.Refresh(stopping);
        var now = clock.GetUtcNow();
        if (_underWay is null && _fetchAt <= now)
            _underWay = FetchAsync(now);
        if (_underWay is null && _resolveAt <= now && _manifests is { } manifests)
            _underWay = ResolveAsync(manifests, now);
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        publisher.Stopping();
        return Task.WhenAll(_underWay ?? Task.CompletedTask, orphans.Forgetting, state.Looking);
    }

    /// <summary>Asks for a fetch now; called by the loop.</summary>
    internal void FetchSoon() => _fetchAt = clock.GetUtcNow();

    /// <summary>Asks for the revision in force to be resolved again now; called by the loop.</summary>
    internal void ResolveSoon() => (_resolveRequests, _resolveAt) = (_resolveRequests + 1, clock.GetUtcNow());

    /// <summary>
    /// Takes over other settings; called by the loop. The revision in force is resolved with them also where the source
    /// cannot be fetched.
    /// </summary>
    internal void Reload(WorkerSettings changed)
    {
        (_settings, _settingsGeneration) = (changed, _settingsGeneration + 1);
        FetchSoon();
        if (_manifests is not null)
            ResolveSoon();
    }

    private Task FetchAsync(DateTimeOffset now)
    {
        var (current, generation, requests) = (_settings, _settingsGeneration, _resolveRequests);
        // Set before: a push that comes while it runs asks for another fetch.
        _fetchAt = now + WorkerDefaults.SourceInterval(current);
        var stopping = _stopping;
        return Task.Run(
            async () =>
            {
                var fetched = await fetcher.FetchAsync(current, generation, stopping);
                queue.Enqueue(() =>
                {
                    _underWay = null;
                    // What was fetched under former settings is dropped, since another fetch is due already.
                    if (fetched is not null && generation == _settingsGeneration)
                        Accept(fetched, requests);
                });
            },
            CancellationToken.None
        );
    }

    private void Accept(Fetched fetched, int requests)
    {
        var (before, now) = (_source, clock.GetUtcNow());
        if (fetched.Instead is { } instead)
            PutInForce(instead, requests, now);
        if (fetched is Fetched.Good good)
            PutInForce(good, requests, now);
        else
            _source = fetched.On(_source, now);
        snapshots.SetSource(_source);
        publisher.SourceFetched(fetched, before, _source);
    }

    private void PutInForce(Fetched.Good good, int requests, DateTimeOffset now)
    {
        _source = good.On(_source, now);
        inForce.Replace(good.Revision, _settings);
        Apply(good.Manifests, requests, now);
        publisher.InForce(good.Revision, schedule.All);
    }

    private void Apply(ResolvedManifests manifests, int requests, DateTimeOffset now)
    {
        _manifests = manifests;
        // Measured from the time of the resolve, since access that ended after it is not handled yet.
        _resolveAt =
            requests != _resolveRequests
                ? now
                : manifests
                    .State.Projects.SelectMany(p => p.Members)
                    .Select(m => m.ExpiresAt)
                    .Where(e => e > manifests.Rules.Now)
                    .Min();
        schedule.Replace(manifests.Projects, now);
        snapshots.SetProjects(schedule.All);
        publisher.Deleted(manifests.Deleted);
        orphans.Replace(manifests.Deleted.Orphaned, _stopping);
    }

    // Access that has ended is removed as if the manifests did not declare it, and projects whose ledger is gone are
    // dropped.
    private Task ResolveAsync(ResolvedManifests manifests, DateTimeOffset now)
    {
        _resolveAt = null;
        var (request, requests) = (WorkerDefaults.RequestOf(_settings, files.Folder), _resolveRequests);
        var stopping = _stopping;
        return Task.Run(
            async () =>
            {
                Action then;
                try
                {
                    var resolved = loader
                        .Resolve(manifests, now, request)
                        .WithState(await store.LoadAllAsync(stopping));
                    then = () => Apply(resolved, requests, clock.GetUtcNow());
                }
                catch (Exception failure)
                {
                    if (!stopping.IsCancellationRequested)
                        notifier.Failed(failure);
                    then = () => _resolveAt = clock.GetUtcNow() + ResolveRetry;
                }

                queue.Enqueue(() =>
                {
                    _underWay = null;
                    then();
                });
            },
            CancellationToken.None
        );
    }
}
