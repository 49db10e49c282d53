using Reconciler.Core.Ports;
using Reconciler.Hosting.Telemetry;
using Reconciler.Manifests;
using Reconciler.Manifests.Loading;
using Reconciler.Sources;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>The result of a fetch of the source.</summary>
internal abstract record Fetched
{
    private Fetched() { }

    /// <summary>
    /// The last good revision of an earlier process, to be put in force where this one has none; null where there is
    /// none.
    /// </summary>
    public Good? Instead { get; init; }

    /// <summary>The state of the source after it.</summary>
    /// <param name="before">The state before.</param>
    /// <param name="now">The time.</param>
    public SourceStatus On(SourceStatus before, DateTimeOffset now) =>
        this switch
        {
            Good good => before with
            {
                Revision = good.Revision.Id,
                InForceSince = now,
                FetchedAt = now,
                Failure = null,
                FailingSince = null,
                BrokenRevision = null,
                Problems = [.. good.Manifests.Problems.Sorted],
            },
            Broken broken => before with
            {
                FetchedAt = now,
                Failure = null,
                BrokenRevision = broken.Revision.Id,
                FailingSince = before.FailingSince ?? now,
                Problems = [.. broken.Manifests.Problems.Sorted],
            },
            Failed failed => before with { Failure = failed.Message, FailingSince = before.FailingSince ?? now },
            _ => before with
            {
                FetchedAt = now,
                Failure = null,
                FailingSince = before.BrokenRevision is null ? null : before.FailingSince,
            },
        };

    /// <summary>The outcome as metrics name it.</summary>
    public FetchOutcome Outcome =>
        this switch
        {
            Failed => FetchOutcome.Failed,
            Broken => FetchOutcome.Broken,
            Good => FetchOutcome.Changed,
            _ => FetchOutcome.Unchanged,
        };

    /// <summary>The source could not be fetched.</summary>
    internal sealed record Failed(string Message) : Fetched;

    /// <summary>The source has the same revision as before.</summary>
    internal sealed record Same : Fetched;

    /// <summary>The newest revision has problems, so the one before stays in force.</summary>
    internal sealed record Broken(SourceRevision Revision, ResolvedManifests Manifests) : Fetched;

    /// <summary>A new revision without errors, to be put in force.</summary>
    internal sealed record Good(SourceRevision Revision, ResolvedManifests Manifests) : Fetched;
}

/// <summary>
/// Fetches the newest revision of the source and reads its manifests. <see cref="WorkerDesiredState"/> decides what is
/// in force.
/// </summary>
/// <param name="source">The source.</param>
/// <param name="store">The ledgers, which name projects whose documents are gone.</param>
/// <param name="loader">Reads manifests.</param>
public sealed class SourceFollower(IManifestSource source, ILedgerStore store, ManifestLoader loader)
{
    private (string Id, int Generation)? _last;
    private bool _hasGood;

    /// <summary>Where the source is; no credentials.</summary>
    internal string Origin => source.Origin;

    /// <summary>Fetches once. It throws only where it is cancelled.</summary>
    /// <param name="settings">The settings that the manifests are checked against.</param>
    /// <param name="generation">The number of these settings: under others the same revision is read again.</param>
    /// <param name="folder">The folder that relative paths of the settings start from.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<Fetched> FetchAsync(
        WorkerSettings settings,
        int generation,
        string folder,
        CancellationToken cancellation
    )
    {
        try
        {
            var revision = await source.FetchAsync(cancellation);
            if (_last == (revision.Id, generation))
                return new Fetched.Same();
            var fetched = await LoadAsync(revision, settings, folder, cancellation);
            if (fetched is Fetched.Good)
                Keep(revision);
            else
                fetched = fetched with { Instead = await LastGoodAsync(settings, folder, cancellation) };
            _last = (revision.Id, generation);
            return fetched;
        }
        catch (Exception failure) when (failure is SourceException or LedgerException)
        {
            return new Fetched.Failed(failure.Message)
            {
                Instead = await LastGoodAsync(settings, folder, cancellation),
            };
        }
        catch (Exception unforeseen) when (unforeseen is not OperationCanceledException)
        {
            return new Fetched.Failed($"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}");
        }
    }

    private async Task<Fetched> LoadAsync(
        SourceRevision revision,
        WorkerSettings settings,
        string folder,
        CancellationToken cancellation
    )
    {
        var request = WorkerDefaults.RequestOf(settings, folder) with
        {
            Paths = revision.Paths,
            Folder = revision.Folder,
            Scope = ReadScope.OfSource(source.Origin, revision.Paths, settings.Exclude ?? [], revision.Folder),
        };
        var manifests = await Task.Run(() => loader.Load(request), cancellation);
        return manifests.Problems.HasErrors
            ? new Fetched.Broken(revision, manifests)
            : new Fetched.Good(revision, manifests.WithState(await store.LoadAllAsync(cancellation)));
    }

    private void Keep(SourceRevision revision)
    {
        _hasGood = true;
        (source as ILastGood)?.Keep(revision);
    }

    // Access with an end must end also where the process restarts while the repository is broken.
    private async Task<Fetched.Good?> LastGoodAsync(
        WorkerSettings settings,
        string folder,
        CancellationToken cancellation
    )
    {
        if (_hasGood || source is not ILastGood memory)
            return null;
        try
        {
            if (
                await memory.LastGoodAsync(cancellation) is not { } revision
                || await LoadAsync(revision, settings, folder, cancellation) is not Fetched.Good good
            )
                return null;
            _hasGood = true;
            return good;
        }
        catch (Exception failure) when (failure is SourceException or LedgerException)
        {
            return null;
        }
    }
}
