using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker;

/// <summary>
/// Deletes beside the loop the ledgers of projects whose documents were deleted and whose people stay.
/// </summary>
/// <param name="reconciler">Writes under the gate.</param>
/// <param name="inForce">Says which revision the audit trail names.</param>
/// <param name="notifier">Logs what fails.</param>
public sealed class OrphanedLedgers(AccountReconciler reconciler, RevisionInForce inForce, ReconcileNotifier notifier)
{
    private volatile Orphans _orphans = new([]);

    /// <summary>Ends once everything that was begun has ended. It never fails.</summary>
    internal Task Forgetting { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Replaces the orphans by those of the newest revision, and begins to delete them; called by the loop.
    /// </summary>
    internal void Replace(ImmutableArray<StoredLedger> orphans, CancellationToken stopping)
    {
        _orphans = new(orphans);
        if (!orphans.IsEmpty)
            Forgetting = Task.WhenAll(Forgetting, Task.Run(() => ForgetAsync(stopping), CancellationToken.None));
    }

    private async Task ForgetAsync(CancellationToken stopping)
    {
        try
        {
            await reconciler.ForgetAsync(() => (_orphans.Ledgers, inForce.Audit()), stopping);
        }
        catch (OperationCanceledException)
        {
            // The next start finds them again.
        }
        catch (Exception failure)
        {
            // The next revision finds them again.
            notifier.Failed(failure);
        }
    }

    private sealed record Orphans(ImmutableArray<StoredLedger> Ledgers);
}
