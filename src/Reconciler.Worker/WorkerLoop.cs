using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.State;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>Runs the loop of a worker, and hands over to it what others ask for.</summary>
/// <param name="loop">The loop.</param>
/// <param name="desired">What it reconciles towards.</param>
/// <param name="inForce">The revision in force.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="queue">The way to the loop.</param>
/// <param name="store">The state file, which has the audit trail.</param>
/// <param name="logger">Where the end is logged.</param>
public sealed class WorkerLoop(
    ReconcileLoop loop,
    WorkerDesiredState desired,
    RevisionInForce inForce,
    WorkerSnapshotBuilder snapshots,
    LoopQueue queue,
    WatchedState store,
    ILogger logger
) : BackgroundService, IWorkerView
{
    /// <inheritdoc/>
    public WorkerStatus Status => snapshots.Status.With(store.Rights, store.Others);

    /// <summary>Whether nothing is under way and nothing is due.</summary>
    public bool IsIdle => loop.IsIdle;

    /// <inheritdoc/>
    public void WakeSource() => queue.Enqueue(desired.FetchSoon);

    /// <inheritdoc/>
    async Task<ProjectHistory> IWorkerView.HistoryAsync(ProjectKey project, int most, CancellationToken cancellation)
    {
        try
        {
            return new([.. await store.HistoryAsync(new() { Project = project, Limit = most }, cancellation)]);
        }
        catch (LedgerException unread)
        {
            return new([], StateAdvice.Cut(unread.Message));
        }
    }

    /// <summary>Takes over other settings: everything is read and resolved again.</summary>
    internal void Reload(WorkerSettings settings) => queue.Enqueue(() => desired.Reload(settings));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await loop.RunAsync(stoppingToken);
        inForce.Retire();
        WorkerLog.Stopped(logger);
    }
}
