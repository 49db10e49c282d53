using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Reconciling;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Finalizing;
using Reconciler.Operator.Providers;

namespace Reconciler.Operator.Status.Updating;

/// <summary>
/// Drops ledgers that a membership needs no more. Their removals, which limits still count, are written into the status
/// of their provider before.
/// </summary>
/// <param name="writer">Writes statuses.</param>
/// <param name="store">Counts removals.</param>
/// <param name="removals">Writes them.</param>
/// <param name="finalizers">Writes the audit trail.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed class ProjectForgetter(
    StatusWriter writer,
    StatusStore store,
    ProviderRemovals removals,
    Finalizers finalizers,
    ILogger logger
)
{
    private const string DeclaresAnother =
        "the membership declares another project now; deletionPolicy: orphan, so everybody keeps their access";

    /// <summary>
    /// Drops the ledgers that reconciles have made superfluous. The caller holds <see cref="TrackedMembership.Turn"/>.
    /// </summary>
    /// <param name="tracked">The membership.</param>
    /// <param name="projects">What became of its projects.</param>
    /// <returns>Why the removals could not be written; null where they were.</returns>
    public async Task<string?> ForgetAsync(TrackedMembership tracked, IReadOnlyList<ReconciledProject> projects)
    {
        ImmutableArray<ProjectLedgerEntry> dropped = [.. projects.SelectMany(p => Drop(tracked, p.Reconcile))];
        try
        {
            if (store.KeepRemovals(tracked, dropped))
                await removals.WriteAsync(tracked.Key.Namespace ?? "default");
        }
        catch (KubernetesException failed)
        {
            // Roll back, so that the membership stays until the removals are written.
            tracked.Update(s => dropped.Aggregate(s, (status, entry) => status.With(entry)));
            OperatorLog.NotWritten(logger, tracked.Key.ToString(), failed.Message);
            return $"its removals cannot be noted in the status of their AccessProvider: {failed.Message}";
        }

        foreach (var entry in dropped.Where(e => e.HasGranted))
            await finalizers.AuditOrphanAsync(tracked, entry, DeclaresAnother);
        return null;
    }

    /// <summary>Drops the ledger of a project that another membership has taken over.</summary>
    /// <exception cref="KubernetesException">It could not be written.</exception>
    public async Task ForgetAsync(TrackedMembership tracked, ProjectKey project)
    {
        await tracked.Turn.WaitAsync();
        try
        {
            if (tracked.Status.EntryOf(project) is not { } entry)
                return;
            tracked.Update(s => s.Without(project));
            if (store.KeepRemovals(tracked, [entry]))
                await removals.WriteAsync(tracked.Key.Namespace ?? "default");
            await writer.WriteAsync(tracked, (_, _) => { }, CancellationToken.None);
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            // Roll back: the next evaluation tries again.
            tracked.Update(s => s.WithoutUnwritten(LedgerVersion.Next()));
            throw;
        }
        finally
        {
            tracked.Turn.Release();
        }
    }

    private static List<ProjectLedgerEntry> Drop(TrackedMembership tracked, ProjectReconcile reconcile)
    {
        var project = reconcile.Planned.Project;
        var isDone = reconcile is { Error: null, IsInterrupted: false, Planned.Plan.IsFree: true };
        if (project.IsDeleted)
            return isDone && tracked.Status.EntryOf(project.Key)?.Ledger is null
                ? Drop(tracked, e => e.Project == project.Key)
                : [];
        if (reconcile.Planned.Plan?.Live.Name is { } name)
            Rename(tracked, project.Key, Conditions.Cut(Reconciler.Core.Text.TerminalText.Escape(name), 253));
        // Only now that the new project is as declared: where its id was a typo, the people of the one before are still
        // known.
        return isDone && project is { DryRun: false, Suspended: false, DeletionPolicy: DeletionPolicy.Orphan }
            ? Drop(tracked, e => e.Project != project.Key)
            : [];
    }

    private static void Rename(TrackedMembership tracked, ProjectKey project, string name) =>
        tracked.Update(s =>
            s.EntryOf(project) is { } entry && entry.Name != name ? s.With(entry with { Name = name }) : s
        );

    private static List<ProjectLedgerEntry> Drop(TrackedMembership tracked, Func<ProjectLedgerEntry, bool> which) =>
        tracked.Update(s =>
        {
            var dropped = s.Entries.Where(which).ToList();
            return (s with { Entries = s.Entries.RemoveRange(dropped) }, dropped);
        });
}
