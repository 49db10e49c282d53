using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Kubernetes.Client;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Status;
using Reconciler.Operator.Status.Updating;

namespace Reconciler.Operator.Reconciling;

/// <summary>
/// Moves the ledger of a project from one membership to another: a renamed membership is a new resource, and its people
/// are neither removed nor invited again.
/// </summary>
/// <param name="writer">Writes statuses and finalizers.</param>
/// <param name="store">The statuses.</param>
/// <param name="forgetter">Drops the ledger of the former owner.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="events">Records Events.</param>
/// <param name="settings">The name of this shard.</param>
/// <param name="logger">Where transfers are logged.</param>
internal sealed class OwnershipTransfer(
    StatusWriter writer,
    StatusStore store,
    ProjectForgetter forgetter,
    BackgroundWork background,
    OperatorEvents events,
    OperatorSettings settings,
    ILogger logger
)
{
    /// <summary>
    /// Writes the ledger into the status of the new owner. Should the process end before the former owner forgets it,
    /// both have it, and the new owner's counts.
    /// </summary>
    /// <param name="transfer">What moves.</param>
    /// <param name="done">Asks for another evaluation, also where it fails.</param>
    public void Start(Transfer transfer, Action done)
    {
        var (from, to, project) = transfer;
        background.Start(
            to.Tracked.Key.ToString(),
            done,
            async () =>
            {
                if (!await MoveAsync(from, to, project))
                    return;
                var other = IsSameNamespace(from, to)
                    ? from.Tracked.Key.ToString()
                    : "a ProjectMembership of another namespace";
                OperatorLog.TookOver(logger, to.Tracked.Key.ToString(), other, project.ProjectId);
                events.Happened(
                    to.Resource,
                    "TookOver",
                    "Resolve",
                    $"takes over from {other}: what it granted stays, and nobody is invited again"
                );
                done();
            }
        );
    }

    /// <summary>Drops beside the loop the ledger of a project that another membership has taken over.</summary>
    /// <param name="membership">The membership that declared it before.</param>
    /// <param name="project">The project.</param>
    public void Forget(DesiredMembership membership, ProjectKey project) =>
        background.Start(
            membership.Tracked.Key.ToString(),
            null,
            () => forgetter.ForgetAsync(membership.Tracked, project)
        );

    private static bool IsSameNamespace(DesiredMembership from, DesiredMembership to) =>
        from.Resource.Namespace == to.Resource.Namespace;

    // Names and limits of another namespace must not be shown in this one. Without limits the built-in ones count.
    private static ProjectLedgerEntry WithoutNames(ProjectLedgerEntry entry, DesiredProject project) =>
        entry with
        {
            Ledger = entry.Ledger! with
            {
                Applied = entry.Ledger.Applied! with
                {
                    Document = project.Id,
                    Limits = null,
                    Labels = DesiredProject.NoLabels,
                },
            },
        };

    private static ProjectLedgerEntry EntryFor(DesiredMembership to, DesiredMembership from, ProjectLedgerEntry entry)
    {
        var taken = IsSameNamespace(from, to) ? entry : WithoutNames(entry, to.Project!);
        // The policy of the new owner counts also where it is deleted before its first reconcile.
        return taken.Ledger!.Applied is { } applied && to.Project is { } own
            ? taken with
            {
                Ledger = taken.Ledger with { Applied = applied with { DeletionPolicy = own.DeletionPolicy } },
            }
            : taken;
    }

    private async Task<bool> MoveAsync(DesiredMembership from, DesiredMembership to, ProjectKey project)
    {
        var tracked = to.Tracked;
        await tracked.Turn.WaitAsync();
        try
        {
            var isKnown = tracked.Status.EntryOf(project)?.HasGranted == true;
            if (isKnown || from.Tracked.Status.EntryOf(project) is not { Ledger: not null } entry)
                return false;
            // With a ledger there must be a finalizer, so that a deletion is seen.
            await writer.SetFinalizerAsync(tracked, wanted: true, CancellationToken.None);
            store.Declare(tracked, project);
            tracked.Update(s => s.WithTakenOver(EntryFor(to, from, entry), LedgerVersion.Next()));
            await writer.WriteAsync(
                tracked,
                StatusText.Progressing(to.Resource, settings.Shard),
                CancellationToken.None
            );
            return true;
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            tracked.Update(s => s.WithoutUnwritten(LedgerVersion.Next()));
            throw;
        }
        finally
        {
            tracked.Turn.Release();
        }
    }
}
