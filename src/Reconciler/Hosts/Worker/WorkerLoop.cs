using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Worker;

/// <summary>
/// The worker's one thread of thought: it asks the source, starts passes as they fall due, one account at a time and accounts side by side,
/// and takes in what they found. Everything that runs beside it posts its end to the mailbox, so that the schedule needs no lock.
/// </summary>
internal sealed class WorkerLoop : BackgroundService, IWorkerView
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    private readonly WorkerParts _parts;
    private readonly SourceFollower _follower;
    private readonly PassRunner _runner;
    private readonly WorkerApprovals _approvals;
    private readonly PassTask _passes;
    private readonly WorkerBoard _board;
    private readonly WorkerNews _sourceNews;
    private readonly PassNews _news;
    private readonly Schedule _schedule;
    private readonly Mailbox _mailbox;
    private readonly Dictionary<Account, Task> _running = [];
    private Task? _fetching;
    private Task _forgetting = Task.CompletedTask;
    private WorkerSettings _settings;
    private ResolvedManifests? _workspace;
    private ActiveRevision? _active;
    private SourceStatus _source;
    private DateTimeOffset _fetchAt;
    private DateTimeOffset? _resolveAt;
    private int _generation;

    // How often resolving anew was wished for: what was begun before the last wish does not fulfil it.
    private int _wishes;
    private volatile bool _isQuiet;
    private CancellationToken _stopping;

    public WorkerLoop(WorkerParts parts)
    {
        _parts = parts;
        _settings = parts.Settings;
        _follower = new(parts.Source, parts.Store, parts.Clock);
        _approvals = new(parts);
        _runner = new(parts.Store, parts.Gate, parts.Clock)
        {
            Context = () => parts.Context(Volatile.Read(ref _active)?.Revision),
            Approvals = () => _approvals.Now,
        };
        _board = new(parts.Source.Origin, parts.Clock);
        _source = _board.Status.Source;
        _mailbox = new(parts.Clock);
        _sourceNews = new(parts.Logger, parts.Events, parts.Clock, parts.Shown);
        _news = new(parts.Logger, _sourceNews, parts.Shown);
        _passes = new(parts, _runner, _news);
        _schedule = new(parts.Chance);
        _fetchAt = parts.Clock.GetUtcNow();
    }

    /// <inheritdoc/>
    public WorkerStatus Status => _board.Status;

    /// <summary>Whether nothing is under way and nothing is due: tests let time go by then.</summary>
    public bool IsQuiet => _isQuiet;

    /// <inheritdoc/>
    public void WakeSource() => Post(() => _fetchAt = _parts.Clock.GetUtcNow());

    /// <summary>Other settings hold from now on: everything is read and judged again.</summary>
    public void Take(WorkerSettings settings) =>
        Post(() =>
        {
            // The revision in force is judged by them at once, also where its source cannot be had now.
            (_settings, _generation) = (settings, _generation + 1);
            _fetchAt = _parts.Clock.GetUtcNow();
            if (_workspace is not null)
                ResolveSoon();
        });

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        WorkerLog.Follows(_parts.Logger, _parts.Shown(_follower.Origin), _parts.StatePath);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                _board.Beat();
                StartFetch(stoppingToken);
                StartPasses(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way every worker ends.
        }

        WorkerLog.Stops(_parts.Logger);
        _board.Stopping();
        await Task.WhenAll([.. _running.Values, _fetching ?? Task.CompletedTask, _forgetting]);
        TakeMail();
        _active?.Retire();
        WorkerLog.Stopped(_parts.Logger);
    }

    private void ResolveSoon() => (_wishes, _resolveAt) = (_wishes + 1, _parts.Clock.GetUtcNow());

    private void Post(Action message) => _mailbox.Post(message);

    private async Task WaitAsync(CancellationToken stopping)
    {
        var next = NextAt();
        if (_mailbox.IsEmpty && next > _parts.Clock.GetUtcNow())
        {
            _isQuiet = _fetching is null && _running.Count == 0;
            await _mailbox.WaitAsync(next, stopping);
            _isQuiet = false;
        }

        stopping.ThrowIfCancellationRequested();
        TakeMail();
    }

    private void TakeMail()
    {
        while (_mailbox.Take() is { } message)
            message();
    }

    private DateTimeOffset NextAt()
    {
        var next = _parts.Clock.GetUtcNow() + LongestWait;
        if (_fetching is null && _fetchAt < next)
            next = _fetchAt;
        if (_fetching is null && _resolveAt < next)
            next = _resolveAt.Value;
        foreach (var account in Accounts().Where(a => !_running.ContainsKey(a)))
        {
            if (_schedule.NextOf(account) is { } due && due < next)
                next = due;
        }

        return next;
    }

    private IEnumerable<Account> Accounts() => _schedule.Entries.Values.Select(e => Account.Of(e.Project)).Distinct();

    private void StartFetch(CancellationToken stopping)
    {
        if (_fetching is not null || _fetchAt > _parts.Clock.GetUtcNow())
            return;
        var (started, settings, generation, wishes) = (_parts.Clock.GetTimestamp(), _settings, _generation, _wishes);
        // Whoever asks while it runs asks for what comes after.
        _fetchAt = _parts.Clock.GetUtcNow() + WorkerDefaults.SourceInterval(settings);
        _fetching = Task.Run(
            async () =>
            {
                try
                {
                    using var span = ReconcilerTracing.StartFetch();
                    if (await _approvals.ReadAsync(settings, stopping))
                        Post(() => _approvals.HurryHeld(_schedule, _board));
                    var fetched = await _follower.FetchAsync(settings, generation, _parts.Folder, stopping);
                    _parts.OnFetched(fetched.Outcome, _parts.Clock.GetElapsedTime(started));
                    ReconcilerTracing.End(
                        span,
                        fetched.Outcome,
                        fetched.Outcome is FetchOutcome.Failed or FetchOutcome.Broken
                    );
                    Post(() => Take(fetched, generation, wishes));
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested)
                {
                    Post(() => _fetching = null);
                }
                catch (Exception unforeseen)
                {
                    Post(() =>
                        Take(
                            new Fetched.Failed($"not foreseen: {unforeseen.GetType().Name}: {unforeseen.Message}"),
                            generation,
                            wishes
                        )
                    );
                }
            },
            CancellationToken.None
        );
    }

    private void Take(Fetched fetched, int generation, int wishes)
    {
        _fetching = null;
        // Read under settings that hold no more: it is asked again at once.
        if (generation != _generation)
            return;
        var before = _source;
        var now = _parts.Clock.GetUtcNow();
        if (fetched.Instead is { } instead)
            TakeOver(instead, wishes, now);
        if (fetched is Fetched.Good good)
            TakeOver(good, wishes, now);
        else
            _source = fetched.On(_source, now);
        _board.Show(_source);
        _sourceNews.OfSource(fetched, before, _source);
    }

    private void TakeOver(Fetched.Good good, int wishes, DateTimeOffset now)
    {
        _source = good.On(_source, now);
        var before = _active;
        Volatile.Write(ref _active, new(good.Revision, _parts.Connect(_settings)));
        before?.Retire();
        Judge(good.Workspace, wishes, now, _stopping);
        WorkerLog.InForce(
            _parts.Logger,
            good.Revision.ShortId,
            _schedule.Entries.Count,
            _schedule.Entries.Values.Count(e => e.IsHurried)
        );
    }

    // What is in force from now on: the schedule follows it, and projects whose documents are gone are forgotten or taken back.
    private void Judge(ResolvedManifests workspace, int wishes, DateTimeOffset now, CancellationToken stopping)
    {
        _workspace = workspace;
        // Counted from when it was resolved: what ends between then and now is still to be seen.
        _resolveAt =
            wishes != _wishes
                ? now
                : workspace
                    .State.Projects.SelectMany(p => p.Members)
                    .Select(m => m.ExpiresAt)
                    .Where(e => e > workspace.Rules.Now)
                    .Min();
        _schedule.Replace(workspace.Projects, now);
        _board.Show(_schedule.Entries.Values.ToList());
        if (workspace.Deleted.NotJudged.Length is > 0 and var unsure)
            WorkerLog.NotJudged(_parts.Logger, unsure);
        foreach (var stranded in workspace.Deleted.Stranded)
            WorkerLog.Stranded(_parts.Logger, stranded.Ledger?.Applied?.Document ?? stranded.Key.ProjectId);
        if (!workspace.Deleted.Orphaned.IsEmpty)
            _forgetting = Task.WhenAll(
                _forgetting,
                _passes.ForgetAsync(() => Volatile.Read(ref _workspace)?.Deleted.Orphaned ?? [], stopping)
            );
    }

    private void StartPasses(CancellationToken stopping)
    {
        if (_active is null || _workspace is null)
            return;
        var now = _parts.Clock.GetUtcNow();
        if (_fetching is null && _resolveAt <= now)
            StartResolving(_workspace, now, stopping);
        foreach (var account in Accounts().Where(a => !_running.ContainsKey(a)).ToList())
        {
            var due = _schedule.TakeDue(account, now);
            if (due.Count > 0)
                _running[account] = RunAsync(account, due, stopping);
        }
    }

    // Entries that ended are removals that the manifests asked for, and a project that was taken back is nobody's any more.
    private void StartResolving(ResolvedManifests workspace, DateTimeOffset now, CancellationToken stopping)
    {
        _resolveAt = null;
        var (request, wishes) = (WorkerDefaults.RequestOf(_settings, _parts.Folder), _wishes);
        _fetching = Task.Run(
            async () =>
            {
                Action judged;
                try
                {
                    var recalled = ManifestLoaders.Of(_parts.Clock).Resolve(workspace, now, request).WithState(await _parts.Store.LoadAllAsync(stopping));
                    judged = () => Judge(recalled, wishes, _parts.Clock.GetUtcNow(), stopping);
                }
                catch (Exception failure)
                {
                    if (!stopping.IsCancellationRequested)
                        _news.PassBroke(failure);
                    judged = () => _resolveAt = _parts.Clock.GetUtcNow() + TryAgain;
                }

                Post(() =>
                {
                    _fetching = null;
                    judged();
                });
            },
            CancellationToken.None
        );
    }

    private Task RunAsync(Account account, IReadOnlyList<Schedule.Entry> entries, CancellationToken stopping)
    {
        _board.Began(entries, _schedule.Entries.Values.ToList());
        return _passes.RunAsync(account, entries, Enter, end => Post(() => Ended(account, entries, end)), stopping);
    }

    // The revision in force may change at any time; what is let go already is not taken.
    private (Connections Connections, IDisposable Lease) Enter()
    {
        while (true)
        {
            var active = Volatile.Read(ref _active)!;
            if (active.TryUse() is { } lease)
                return (active.Connections, lease);
        }
    }

    private void Ended(Account account, IReadOnlyList<Schedule.Entry> entries, PassEnd end)
    {
        _running.Remove(account);
        var now = _parts.Clock.GetUtcNow();
        var byKey = end.Passes.ToDictionary(p => p.Planned.Project.Key);
        foreach (var entry in entries)
        {
            var pass = byKey.GetValueOrDefault(entry.Project.Key);
            if (pass is not null)
            {
                entry.Mails = pass.Mails ?? entry.Mails;
                _parts.OnPassed(pass, end.Took);
            }

            // What was deleted while its pass ran may have got a record only now; what was taken back has lost its own.
            if (entry.IsGone || (entry.Project.IsDeleted && pass?.Remembered is { Ledger: null }))
                ResolveSoon();
            _schedule.Ended(entry, pass?.Passed ?? Passed.Void, now);
            if (_board.Ended(entry, pass, end.PassId, end.Took) is { } change && pass is not null)
                _news.OfProject(entry, pass, change.Before, change.Now);
        }

        _approvals.Publish(_schedule, _board);
    }
}
