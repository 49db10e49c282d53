namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// The loop of a worker and of an operator. Each turn it
/// <list type="number">
/// <item>lets the <see cref="IDesiredStateSource"/> bring the schedule up to date,</item>
/// <item>starts a reconcile for every idle account with projects that are due, unless another process reconciles it:
/// one per account, accounts side by side,</item>
/// <item>waits until something is due or a continuation arrives, and runs the continuations.</item>
/// </list>
/// It runs as one sequence, so that neither the schedule nor the desired state needs a lock.
/// </summary>
/// <param name="source">Where the desired state comes from.</param>
/// <param name="host">How projects are reconciled.</param>
/// <param name="schedule">When each project is due.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="queue">What runs beside the loop hands its results over here.</param>
/// <param name="notifier">Logs and notifies what happens.</param>
/// <param name="clock">The time.</param>
public sealed class ReconcileLoop(
    IDesiredStateSource source,
    IReconcileHost host,
    Schedule schedule,
    StatusSnapshotBuilder snapshots,
    LoopQueue queue,
    ReconcileNotifier notifier,
    TimeProvider clock
)
{
    // Health checks expect a sign of life well within a minute.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ReconcileScope _scope = new(notifier, clock);
    private readonly Dictionary<Account, Task> _running = [];
    private IReadOnlyCollection<Account> _chosen = [];
    private volatile bool _isIdle;

    /// <summary>Whether nothing is under way and nothing is due.</summary>
    public bool IsIdle => _isIdle;

    /// <summary>Runs until it is stopped and everything under way has ended.</summary>
    /// <param name="stopping">Stops it.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        source.Start();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                snapshots.Beat();
                source.Refresh(stopping);
                _chosen = host.Choose(schedule.Accounts);
                StartReconciles(stopping);
                await WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A stop cancels the wait.
        }

        var stopped = source.StopAsync();
        snapshots.Stopping();
        await Task.WhenAll([.. _running.Values, stopped]);
        // The results of what has just ended are still to be counted and published.
        Drain();
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        var next = NextAt();
        if (queue.IsEmpty && next > clock.GetUtcNow())
        {
            _isIdle = !source.IsBusy && _running.Count == 0;
            await queue.WaitAsync(next, stopping);
            _isIdle = false;
        }

        stopping.ThrowIfCancellationRequested();
        Drain();
    }

    private void Drain()
    {
        while (queue.TryDequeue() is { } continuation)
        {
            try
            {
                continuation();
            }
            catch (Exception unforeseen) when (host.Survives(unforeseen))
            {
                // One continuation that meets a bug must not end the work on everything else.
            }
        }
    }

    private DateTimeOffset NextAt() =>
        IdleAccounts()
            .Select(schedule.NextOf)
            .Append(source.NextAt)
            .Append(clock.GetUtcNow() + LongestWait)
            .OfType<DateTimeOffset>()
            .Min();

    private IEnumerable<Account> IdleAccounts() => _chosen.Where(a => !_running.ContainsKey(a));

    private void StartReconciles(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        foreach (var account in IdleAccounts().ToList())
        {
            var due = schedule.TakeDue(account, now);
            if (due.Count == 0)
                continue;
            snapshots.Started(due, schedule.All);
            var reconcile = host.Begin(due);
            _running[account] = _scope.RunAsync(
                account,
                due,
                reconcile,
                completion => queue.Enqueue(() => Complete(account, due, reconcile, completion)),
                stopping
            );
        }
    }

    private void Complete(
        Account account,
        IReadOnlyList<Schedule.Entry> entries,
        IAccountReconcile reconcile,
        ReconcileCompletion completion
    )
    {
        _running.Remove(account);
        var now = clock.GetUtcNow();
        var byKey = completion.Projects.ToDictionary(p => p.Planned.Project.Key);
        foreach (var entry in entries)
        {
            var project = byKey.GetValueOrDefault(entry.Key);
            entry.Mails = project?.Mails ?? entry.Mails;
            schedule.Complete(entry, reconcile.Complete(entry, project, completion.Took), now);
            if (snapshots.Completed(entry, project, completion) is { } change && project is not null)
                notifier.Completed(entry, project, change.Before, change.Now);
        }

        reconcile.Publish();
    }
}
