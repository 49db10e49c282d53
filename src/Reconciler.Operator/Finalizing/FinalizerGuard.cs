using Microsoft.Extensions.Logging;
using Reconciler.Operator.Evaluating;

namespace Reconciler.Operator.Finalizing;

/// <summary>
/// Notices that somebody removed the finalizer of a membership, as <c>kubectl replace</c> of the manifest in git does.
/// Without it a deletion would go unseen and everybody would stay, so it is set again at once, and an Event says so.
/// </summary>
/// <param name="finalizers">Sets it again.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="metrics">Counts lost finalizers.</param>
/// <param name="events">Records Events.</param>
/// <param name="logger">Where it is logged.</param>
internal sealed class FinalizerGuard(
    Finalizers finalizers,
    BackgroundWork background,
    OperatorMetrics metrics,
    OperatorEvents events,
    ILogger logger
)
{
    /// <summary>Sets the finalizer again where people were let in and it is missing.</summary>
    /// <param name="membership">The membership.</param>
    /// <param name="retry">Asks for another evaluation, should it fail.</param>
    public void Restore(DesiredMembership membership, Action retry)
    {
        var (tracked, status) = (membership.Tracked, membership.Tracked.Status);
        if (
            membership.IsDeleting
            || membership.Resource.HasFinalizer
            || status.Latest.HasFinalizer
            || !status.HasGranted
        )
            return;
        background.Start(
            tracked.Key.ToString(),
            retry,
            async () =>
            {
                if (tracked.Status.IsGone || tracked.Status.Latest.HasFinalizer)
                    return;
                await finalizers.SetFinalizerAsync(tracked, CancellationToken.None);
                Warn(
                    membership,
                    "FinalizerRestored",
                    "somebody removed it, perhaps with kubectl replace, and it was put back: "
                        + "without it a deletion would revoke nothing"
                );
            }
        );
    }

    /// <summary>Warns that a membership is gone though no operator removed its finalizer.</summary>
    /// <param name="gone">The membership.</param>
    public void WarnOfLoss(DesiredMembership gone) =>
        Warn(
            gone,
            "FinalizerMissing",
            (gone.Tracked.Status.IsDeletionSeen || gone.Resource.IsBeingDeleted, gone.OwnState) switch
            {
                (true, _) => "it was removed by hand while the resource was being deleted, "
                    + "so nothing more is taken away: everybody who is still in stays",
                (_, MembershipState.Deleting { CanFinalize: true }) => "the resource was deleted without it; "
                    + "deletionPolicy: orphan, so everybody whom it let in keeps their access",
                (_, MembershipState.Deleting { Obstacle: { } obstacle }) => "the resource was deleted without it, "
                    + $"and what it granted cannot be revoked: {obstacle.Message}",
                _ => "the resource was deleted without it; deletionPolicy: revoke is carried out from memory, "
                    + "unless another ProjectMembership declares the project",
            }
        );

    private void Warn(DesiredMembership membership, string reason, string what)
    {
        metrics.FinalizerLost();
        OperatorLog.FinalizerLost(logger, membership.Tracked.Key.ToString(), what);
        events.Warned(membership.Resource, reason, "Watch", $"its finalizer is missing: {what}");
    }
}
