using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Engine.Applying;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Finalizing;

/// <summary>Sets the finalizer before anybody is let in, and removes it once nothing is left to be revoked.</summary>
/// <param name="writer">Writes the finalizer.</param>
/// <param name="store">Counts removals.</param>
/// <param name="removals">Writes them into the status of their provider.</param>
/// <param name="trail">Gets entries of the audit trail.</param>
/// <param name="context">What the audit trail says of the operator.</param>
/// <param name="events">Records Events.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="logger">Where deletions are logged.</param>
/// <param name="clock">The time.</param>
internal sealed class Finalizers(
    StatusWriter writer,
    StatusStore store,
    ProviderRemovals removals,
    OperatorAudit trail,
    AuditContext context,
    OperatorEvents events,
    BackgroundWork background,
    ILogger logger,
    TimeProvider clock
)
{
    private readonly ConcurrentDictionary<ObjectKey, bool> _underWay = new();

    /// <summary>Sets the finalizer, where it is missing.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public Task SetFinalizerAsync(TrackedMembership tracked, CancellationToken cancellation) =>
        WriteFinalizerAsync(tracked, wanted: true, cancellation);

    /// <summary>
    /// Removes the finalizer of a deleted membership. Its removals are written into the status of their provider
    /// before.
    /// </summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="what">What became of its people.</param>
    /// <exception cref="KubernetesException">Either could not be written.</exception>
    public async Task RemoveFinalizerAsync(TrackedMembership tracked, string what)
    {
        if (store.KeepRemovals(tracked))
            await removals.WriteAsync(tracked.Key.Namespace ?? "default");
        OperatorLog.Deleted(logger, tracked.Key.ToString(), what);
        events.Happened(tracked.Status.Latest, "Deleted", "Delete", what);
        // Set before the write, since the watch may report the deletion before the answer comes.
        tracked.Update(s => s with { IsReleased = true });
        try
        {
            await WriteFinalizerAsync(tracked, wanted: false, CancellationToken.None);
        }
        catch
        {
            tracked.Update(s => s with { IsReleased = false });
            throw;
        }
    }

    /// <summary>Removes beside the loop the finalizer of a deleted membership whose people stay.</summary>
    /// <param name="membership">The membership.</param>
    /// <param name="decision">Says which of its projects another membership has taken over.</param>
    /// <param name="retry">Asks for another evaluation, should it fail.</param>
    /// <param name="settled">Called once a membership that is gone from the cluster needs nothing more.</param>
    public void Finalize(DesiredMembership membership, OwnershipDecision decision, Action retry, Action settled)
    {
        var tracked = membership.Tracked;
        if (!(membership.Resource.HasFinalizer || membership.IsGone) || !_underWay.TryAdd(tracked.Key, true))
            return;
        background.Start(
            tracked.Key.ToString(),
            retry,
            async () =>
            {
                try
                {
                    if (!tracked.Status.IsReleased)
                        await FinalizeAsync(membership, decision);
                    tracked.Update(s => s with { IsReleased = true });
                    if (membership.IsGone)
                        settled();
                }
                finally
                {
                    _underWay.TryRemove(tracked.Key, out _);
                }
            }
        );
    }

    /// <summary>Adds to the audit trail that the people of a project stay, and nobody manages them any more.</summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="entry">The ledger of the project.</param>
    /// <param name="reason">Why; null for the usual reason.</param>
    public async Task AuditOrphanAsync(TrackedMembership tracked, ProjectLedgerEntry entry, string? reason = null)
    {
        var line = await context.CompleteAsync(Audit.OfOrphan(new(entry.Project, entry.Ledger, ""), clock.GetUtcNow()));
        trail.Write(tracked.Status, reason is null ? line : line with { Reason = reason });
    }

    private async Task FinalizeAsync(DesiredMembership membership, OwnershipDecision decision)
    {
        var granted = membership.Tracked.Status.Entries.Where(e => e.HasGranted).ToList();
        var orphaned = granted.Where(e => !decision.IsTakenOver(membership, e.Project)).ToList();
        var what =
            orphaned.Count > 0 ? "and everybody whom it let in keeps their access (deletionPolicy: orphan)"
            : granted.Count > 0 ? "and the ProjectMembership that declares its project now has taken over"
            : "and it had let nobody in";
        await RemoveFinalizerAsync(membership.Tracked, what);
        foreach (var entry in orphaned)
            await AuditOrphanAsync(membership.Tracked, entry);
    }

    private async Task WriteFinalizerAsync(TrackedMembership tracked, bool wanted, CancellationToken cancellation)
    {
        if (tracked.Status.Latest.HasFinalizer == wanted)
            return;
        await tracked.Turn.WaitAsync(cancellation);
        try
        {
            await writer.SetFinalizerAsync(tracked, wanted, cancellation);
        }
        finally
        {
            tracked.Turn.Release();
        }
    }
}
