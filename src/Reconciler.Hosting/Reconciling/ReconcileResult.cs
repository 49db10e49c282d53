using Reconciler.Core.Ledgers;

namespace Reconciler.Hosting.Reconciling;

/// <summary>What the schedule needs to know of a project's reconcile to choose the time of the next one.</summary>
/// <param name="HasFailed">Whether something failed.</param>
public sealed record ReconcileResult(bool HasFailed)
{
    /// <summary>Nothing was done: the desired state changed meanwhile, or the process stops.</summary>
    public static ReconcileResult Skipped { get; } = new(HasFailed: false) { IsSkipped = true };

    /// <summary>Whether nothing was done.</summary>
    internal bool IsSkipped { get; private init; }

    /// <summary>Whether the project was read and no limit holds its plan.</summary>
    internal bool IsSettled { get; init; } = !HasFailed;

    /// <summary>Whether anything was written at the vendor.</summary>
    internal bool HasWritten { get; init; }

    /// <summary>How long the vendor asked to wait: the next reconcile is never sooner.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// When the host wants the next reconcile, whatever the interval says; null where the schedule decides.
    /// </summary>
    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>The ledger afterwards; null where it could not be read.</summary>
    public StoredLedger? Remembered { get; init; }
}
