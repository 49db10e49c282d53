using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// The operator's one thread of thought while it leads: it turns what changed in the cluster into wishes, all of one moment together, starts
/// passes as they fall due, one account at a time, and takes in what they found. What runs beside it posts its end to the mailbox.
/// </summary>
internal sealed class OperatorLoop : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    // Long enough that what kubectl applies together is judged together.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(2);

    private readonly OperatorParts _parts;
    private readonly WishResolver _resolver;
    private readonly Wishes _wishes = new();
    private readonly Schedule _schedule;
    private readonly StatusSnapshotBuilder _board;
    private readonly ReconcileNotifier _news;
    private readonly OperatorPass _passes;
    private readonly OperatorChores _chores;
    private readonly DeletionSteps _steps;
    private readonly LoopQueue _mailbox;
    private readonly Dictionary<Account, Task> _running = [];
    private readonly HashSet<ObjectKey> _touched = [];
    private readonly HashSet<ObjectKey> _waiting = [];
    private readonly HashSet<string> _touchedSpaces = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string?> _requested = [];
    private ImmutableDictionary<Core.Membership.ProjectKey, Wish> _byProject = ImmutableDictionary<
        Core.Membership.ProjectKey,
        Wish
    >.Empty;
    private volatile ImmutableHashSet<string> _unsettled = [];
    private DateTimeOffset? _touchedAt;
    private DateTimeOffset _lastTouch;
    private volatile bool _isLeading;

    public OperatorLoop(OperatorParts parts)
    {
        _parts = parts;
        _schedule = new(parts.Chance);
        _mailbox = new(parts.Clock);
        _board = new(new(parts.Clock.GetUtcNow()), keepsPlans: false, parts.Clock);
        // The cluster's own Events tell the world.
        _news = new(parts.Logger, parts.Text, null);
        var notes = new OperatorNotes(parts);
        _passes = new(parts, notes, _news);
        _chores = new(parts, notes);
        var finalizers = new FinalizerWatch(parts, notes, _chores);
        _steps = new(_chores, new(parts, notes, _chores), finalizers);
        _resolver = new(parts, _wishes, _chores, finalizers);
    }

    /// <summary>How things stand.</summary>
    public StatusSnapshot Status => _board.Status;

    /// <summary>Whether this replica works.</summary>
    public bool IsLeading => _isLeading;

    /// <summary>How many memberships wait for a pass that is due.</summary>
    public int Due => _board.Status.Projects.Count(p => !p.IsRunning && p.NextAt <= _parts.Clock.GetUtcNow());

    /// <summary>Something changed in the cluster.</summary>
    public void Touch(ManifestKind kind, ObjectKey key)
    {
        if (_isLeading)
            Post(() => Note(kind.Type == typeof(ProjectMembership) ? key : null, key.Namespace ?? "default"));
    }

    /// <summary>The status of an AccessProvider changed: another shard, or the leader before this one, may have noted removals there.</summary>
    public void Remembered(string space)
    {
        if (_isLeading)
            Post(() => _chores.Recall([space]));
    }

    /// <summary>Works until it is stopped, or another replica leads.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _isLeading = true;
        OperatorLog.Leads(_parts.Logger, _parts.Catalog.Memberships.Count);
        foreach (var space in _parts.Catalog.Namespaces)
            Note(null, space);
        _touchedAt = DateTimeOffset.MinValue;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                _board.Beat();
                ResolveTouched(stopping);
                StartPasses(stopping);
                await WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The way every term ends.
        }

        _isLeading = false;
        OperatorLog.Stops(_parts.Logger);
        _board.Stopping();
        await Task.WhenAll(_running.Values);
        // What they ended with is still to be counted and written.
        TakeMail();
        await _chores.EndAsync();
        OperatorLog.Stopped(_parts.Logger);
    }

    public void Dispose() => _chores.Dispose();

    private void Post(Action message) => _mailbox.Enqueue(message);

    private void Note(ObjectKey? membership, string space)
    {
        _lastTouch = _parts.Clock.GetUtcNow();
        _touchedAt ??= _lastTouch;
        if (membership is { } key)
            _touched.Add(key);
        else
            _touchedSpaces.Add(space);
        _unsettled = _unsettled.Add(membership?.ToString() ?? $"{space}/");
    }

    // Asked by passes, from any thread.
    private bool IsSettled(ObjectKey key) =>
        _unsettled is var unsettled && !unsettled.Contains(key.ToString()) && !unsettled.Contains($"{key.Namespace}/");

    // Its status is another than was remembered: a pass says anew how it stands.
    private void Changed(ObjectKey key) =>
        Post(() =>
        {
            Look(key);
            foreach (var (project, _) in _byProject.Where(p => p.Value.Resource.Key == key))
                _schedule.Expedite(project, _parts.Clock.GetUtcNow());
        });

    private void Look(ObjectKey key) => Note(key, key.Namespace ?? "default");

    private async Task WaitAsync(CancellationToken stopping)
    {
        await _mailbox.WaitAsync(NextAt(), stopping);
        stopping.ThrowIfCancellationRequested();
        TakeMail();
    }

    private void TakeMail()
    {
        while (_mailbox.TryDequeue() is { } message)
            Take(message);
    }

    // A fault of ours over one piece of news must not end the work on everything else.
    private void Take(Action message)
    {
        try
        {
            message();
        }
        catch (Exception unforeseen)
        {
            OperatorLog.Unforeseen(_parts.Logger, $"{unforeseen.GetType().Name}: {unforeseen.Message}");
        }
    }

    private DateTimeOffset NextAt()
    {
        var next = _parts.Clock.GetUtcNow() + LongestWait;
        if (SettledAt is { } settled && settled < next)
            next = settled;
        foreach (var account in Accounts().Where(a => !_running.ContainsKey(a)))
        {
            if (_schedule.NextOf(account) is { } due && due < next)
                next = due;
        }

        return next;
    }

    private DateTimeOffset? SettledAt =>
        _touchedAt is not { } first ? null
        : first == DateTimeOffset.MinValue || first + LongestSettling < _lastTouch + Settling ? first
        : _lastTouch + Settling;

    private HashSet<Account> Accounts() => [.. _schedule.Entries.Values.Select(e => Account.Of(e.Project))];

    private void ResolveTouched(CancellationToken stopping)
    {
        if (SettledAt is not { } settled || settled > _parts.Clock.GetUtcNow())
            return;
        var rules = _parts.Rules();
        foreach (var document in _parts.Catalog.Memberships.Where(d => _touchedSpaces.Contains(d.Resource.Namespace)))
            _touched.Add(document.Resource.Key);
        foreach (var wish in _wishes.All.Where(w => _touchedSpaces.Contains(w.Document.Resource.Namespace)).ToList())
            _touched.Add(wish.Document.Resource.Key);
        var spaces = _touchedSpaces
            .Concat(_touched.Select(k => k.Namespace ?? "default"))
            .ToHashSet(StringComparer.Ordinal);
        // What an earlier process took away counts for the very first limit.
        _chores.Recall(spaces);
        var busy = new List<ObjectKey>();
        foreach (var group in _touched.GroupBy(k => k.Namespace ?? "default", StringComparer.Ordinal).ToList())
            busy.AddRange(_resolver.Resolve(group.Key, [.. group], rules, Changed));
        _touchedAt = null;
        _touched.Clear();
        _touchedSpaces.Clear();
        _unsettled = [];
        busy.ForEach(Look);
        Judge(stopping);
        WriteProviders(spaces);
    }

    private void Judge(CancellationToken stopping)
    {
        var now = _parts.Clock.GetUtcNow();
        var judged = _wishes.Judge(now);
        _parts.Book.Own(judged.Owners.ToImmutableDictionary(o => o.Key, o => o.Value.Record));
        foreach (var project in judged.Projects.Where(p => !p.IsDeleted))
            _parts.Book.Declare(judged.Owners[project.Key].Record, project.Key);
        (var before, _byProject) = (_byProject, judged.Owners);
        _schedule.Replace(judged.Projects, now);
        // An object of the same name that was made anew asks for the same and has everything before it. One that was edited, and asks for the same in
        // other words, says soon that this is so: whoever waits for its generation does not know that nothing is to be done.
        foreach (
            var (key, wish) in _byProject.Where(p => before.TryGetValue(p.Key, out var was) && !p.Value.IsSameAs(was))
        )
            _schedule.Expedite(key, now);
        foreach (var group in _byProject.GroupBy(p => p.Value))
            Requested([.. group.Select(p => p.Key)], group.Key, now);
        _board.SetProjects(_schedule.Entries.Values.ToList());
        _steps.CarryOut(
            judged,
            _wishes.All,
            IsRunning,
            wish => AgainAfterAWhile(wish, stopping),
            gone => Post(() => _wishes.Release(gone, _parts.Book))
        );
        if (_running.Count == 0)
            _parts.Connections.Release((spec, _) => judged.Projects.Any(p => ReferenceEquals(p.Provider.Spec, spec)));
    }

    private bool IsRunning(Core.Membership.ProjectKey key) =>
        _schedule.Entries.TryGetValue(key, out var entry) && entry.IsRunning;

    private void WriteProviders(IReadOnlyCollection<string> spaces)
    {
        _parts.Approvals.Look(_schedule);
        var asked = _schedule
            .Entries.Values.Where(e => !e.Project.Suspended)
            .Select(e => e.Project.Provider.Id)
            .ToHashSet(StringComparer.Ordinal);
        var used = _wishes
            .All.Where(w => spaces.Contains(w.Resource.Namespace))
            .ToLookup(w => $"{w.Resource.Namespace}/{w.Resource.SpecWord("provider")}", StringComparer.Ordinal);
        _chores.WriteProviders(
            spaces,
            id => new(used[id].Count(), asked.Contains(id), used[id].Any(w => w.IsOthers)),
            _parts.Rules()
        );
    }

    // The annotation asks for a pass where nothing else changed; what an earlier leader obeyed is not asked for again.
    private void Requested(IReadOnlyList<Core.Membership.ProjectKey> projects, Wish wish, DateTimeOffset now)
    {
        var (resource, key) = (wish.Document.Resource, wish.Document.Resource.Key);
        var requested = resource.Annotation(ClusterResource.RequestedAt);
        var known = _requested.TryGetValue(key, out var last)
            ? last
            : MembershipStatus.TextOf(resource, "lastHandledRequestedAt");
        _requested[key] = requested;
        if (requested is null || requested == known)
            return;
        foreach (var project in projects)
            _schedule.Expedite(project, now);
    }

    // One timer a membership, however often it is asked for.
    private Action AgainAfterAWhile(Wish wish, CancellationToken stopping) =>
        () =>
            Post(() =>
            {
                var key = wish.Resource.Key;
                if (!_waiting.Add(key))
                    return;
                _ = Task.Delay(TryAgain, _parts.Clock, stopping)
                    .ContinueWith(
                        _ => Post(() => Awaited(key)),
                        CancellationToken.None,
                        TaskContinuationOptions.None,
                        TaskScheduler.Default
                    );
            });

    private void Awaited(ObjectKey key)
    {
        _waiting.Remove(key);
        Look(key);
    }

    private void StartPasses(CancellationToken stopping)
    {
        var now = _parts.Clock.GetUtcNow();
        foreach (var account in Accounts().Where(a => !_running.ContainsKey(a)).ToList())
        {
            var due = _schedule.TakeDue(account, now);
            if (due.Count == 0)
                continue;
            _board.Started(due, _schedule.Entries.Values.ToList());
            var items = due.Select(e => new PassItem(e, _byProject[e.Project.Key])).ToList();
            _running[account] = _passes.RunAsync(
                account,
                items,
                IsSettled,
                (end, unwritten) => Post(() => Ended(account, items, end, unwritten)),
                stopping
            );
        }
    }

    private void Ended(
        Account account,
        IReadOnlyList<PassItem> items,
        ReconcileCompletion end,
        IReadOnlyCollection<ObjectKey> unwritten
    )
    {
        _running.Remove(account);
        var now = _parts.Clock.GetUtcNow();
        var byKey = end.Projects.ToDictionary(p => p.Planned.Project.Key);
        var spaces = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var (entry, pass) = (item.Entry, byKey.GetValueOrDefault(item.Entry.Project.Key));
            if (pass is not null)
            {
                entry.Mails = pass.Mails ?? entry.Mails;
                _parts.OnPassed(pass, end.Took);
                spaces.Add(entry.Project.Provider.Namespace);
            }

            // What was deleted while its pass ran, and what is taken back, is to be looked at again.
            if (entry.IsGone || (entry.Project.IsDeleted && pass?.Remembered is { Ledger: null }))
                Look(item.Wish.Record.Key);
            // Its people in a project that it declared before may go, now that the new one was applied.
            if (
                pass is { Error: null }
                && item.Wish is { Project.DeletionPolicy: DeletionPolicy.Revoke, Revoked.IsEmpty: true }
                && item.Wish.Record.Slots.Length > 1
            )
                Look(item.Wish.Record.Key);
            // What could not be written down counts as failed, and is tried again less and less often.
            var passed =
                pass is null ? ReconcileResult.Skipped
                : unwritten.Contains(item.Wish.Record.Key) ? new(HasFailed: true) { Remembered = pass.Remembered }
                : pass.ScheduleResult;
            _schedule.Complete(entry, passed, now);
            // What did not run, or was broken off, is tried again after a while.
            if ((pass is null || pass.IsInterrupted) && entry is { IsGone: false, IsExpedited: false })
                entry.NextAt = now + TryAgain;
            // The membership says how its former project stands, too: it is composed anew.
            if (
                entry.Project.IsDeleted
                && !item.Wish.Resource.IsBeingDeleted
                && item.Wish.Project is { } declared
                && pass is not null
                && pass.State == ProjectState.Converged
            )
                _schedule.Expedite(declared.Key, now);
            if (_board.Completed(entry, pass, end) is { } change && pass is not null)
                _news.Completed(entry, pass, change.Before, change.Now);
        }

        _board.Publish(_schedule.Entries.Values.ToList());
        WriteProviders(spaces);
    }
}
