using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Kubernetes.Client;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// Moves what is remembered of a project from one membership to another: a renamed membership is a new resource, and its people are neither
/// removed nor invited again.
/// </summary>
internal sealed class OwnershipTransfer(OperatorParts parts, OperatorNotes notes, OperatorChores chores)
{
    /// <summary>
    /// Writes the record into the status of the new owner. Should the process end before the old owner is let go, the next one finds the record in both,
    /// and the new owner's counts.
    /// </summary>
    /// <param name="transfer">What moves.</param>
    /// <param name="done">Asks for another look.</param>
    public void Start(Transfer transfer, Action done)
    {
        var (from, to, project) = transfer;
        chores.Start(
            to.Record.Key.ToString(),
            done,
            async () =>
            {
                if (!await TakeOverAsync(from, to, project))
                    return;
                var other =
                    from.Resource.Namespace == to.Resource.Namespace
                        ? from.Record.Key.ToString()
                        : "a ProjectMembership of another namespace";
                OperatorLog.TookOver(parts.Logger, to.Record.Key.ToString(), other, project.ProjectId);
                parts.Events.Happened(
                    to.Resource,
                    "TookOver",
                    "Resolve",
                    $"takes over from {other}: what it granted stays, and nobody is invited again"
                );
                done();
            }
        );
    }

    /// <summary>A living membership forgets a project that another one has taken over.</summary>
    /// <param name="wish">The membership.</param>
    /// <param name="project">The project.</param>
    public void Forget(Wish wish, ProjectKey project) =>
        chores.Start(wish.Record.Key.ToString(), null, () => notes.ForgetAsync(wish, project));

    // Names and limits of another namespace are not this one's to read. Unknown limits let the built-in ones count.
    private static ProjectLedgerEntry WithoutNames(ProjectLedgerEntry slot, Wish to) =>
        slot with
        {
            Ledger = slot.Ledger! with
            {
                Applied = slot.Ledger.Applied! with
                {
                    Document = to.Project!.Id,
                    Limits = null,
                    Labels = DesiredProject.NoLabels,
                },
            },
        };

    private async Task<bool> TakeOverAsync(Wish from, Wish to, ProjectKey project)
    {
        await to.Record.Turn.WaitAsync();
        try
        {
            if (to.HasRecordOf(project) || from.Record.SlotOf(project) is not { Ledger: not null } slot)
                return false;
            // Before anything is granted it is made sure that a deletion will be seen.
            await parts.Writer.SetFinalizerAsync(to.Record, wanted: true, CancellationToken.None);
            parts.Book.Declare(to.Record, project);
            var taken = from.Resource.Namespace == to.Resource.Namespace ? slot : WithoutNames(slot, to);
            // What happens at its deletion is said by the new owner, also before its first pass.
            if (taken.Ledger!.Applied is { } applied && to.Project is { } own)
                taken = taken with
                {
                    Ledger = taken.Ledger with { Applied = applied with { DeletionPolicy = own.DeletionPolicy } },
                };
            to.Record.TakeOver(taken);
            await parts.Writer.WriteAsync(
                to.Record,
                StatusText.Progressing(to.Resource, parts.Settings.Shard),
                CancellationToken.None
            );
            return true;
        }
        catch (Exception failed) when (failed is KubernetesException or StatusConflictException or LedgerException)
        {
            to.Record.Restore();
            throw;
        }
        finally
        {
            to.Record.Turn.Release();
        }
    }
}
