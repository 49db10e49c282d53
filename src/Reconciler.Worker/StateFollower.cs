using System.Diagnostics;
using Reconciler.Core.Ports;

namespace Reconciler.Worker;

/// <summary>
/// Looks at the state file each turn of the loop, and tells once that it was taken away and that it is back. Without
/// it, a worker with nothing to do would notice only at its next reconcile.
/// </summary>
/// <param name="state">The state file.</param>
/// <param name="snapshots">How everything stands.</param>
/// <param name="publisher">Logs and publishes it.</param>
public sealed class StateFollower(WatchedState state, WorkerSnapshotBuilder snapshots, WorkerEventPublisher publisher)
{
    // Other processes take and give rights back within seconds; the loop may turn more often than that.
    private static readonly TimeSpan RightsEvery = TimeSpan.FromSeconds(2);

    private string? _told;
    private long _rightsReadAt;

    /// <summary>The look that is under way, or the last one.</summary>
    internal Task Looking { get; private set; } = Task.CompletedTask;

    /// <summary>Tells what the last look found, and begins another one beside the loop; called by the loop.</summary>
    /// <param name="stopping">Ends the look.</param>
    internal void Refresh(CancellationToken stopping)
    {
        Tell(state.Trouble);
        if (Looking.IsCompleted)
            Looking = Task.Run(() => LookAsync(stopping), CancellationToken.None);
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            await state.LookAsync(stopping);
            if (_rightsReadAt > 0 && Stopwatch.GetElapsedTime(_rightsReadAt) < RightsEvery)
                return;
            await state.ReadRightsAsync(stopping);
            _rightsReadAt = Stopwatch.GetTimestamp();
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The worker stops, and nobody needs the answer.
        }
        catch (LedgerException)
        {
            // The look before says what is wrong; who worked on what is shown as it was seen last.
        }
    }

    private void Tell(string? trouble)
    {
        if (trouble == _told)
            return;
        var isNew = _told is null;
        _told = trouble;
        snapshots.SetStateTrouble(trouble);
        if (trouble is null)
            publisher.StateBack(state.FilePath);
        else
            publisher.StateLost(state.FilePath, trouble, isNew);
    }
}
