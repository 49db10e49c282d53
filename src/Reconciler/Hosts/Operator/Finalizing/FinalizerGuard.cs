namespace Reconciler.Hosts.Operator;

/// <summary>
/// Notices that somebody took the finalizer off a membership, as <c>kubectl replace</c> of the manifest in git does. Without it a deletion would go
/// unseen and everybody would stay, so that it is put back at once and told.
/// </summary>
internal sealed class FinalizerWatch(OperatorParts parts, OperatorNotes notes, OperatorChores chores)
{
    /// <summary>Puts the finalizer back where people were let in and it is missing.</summary>
    /// <param name="wish">What the membership comes to.</param>
    /// <param name="again">Asks for another look, should it fail.</param>
    public void Restore(Wish wish, Action again)
    {
        if (wish.IsLeaving || wish.Resource.HasFinalizer || wish.Record.Latest.HasFinalizer || !wish.Record.HasGranted)
            return;
        chores.Start(
            wish.Record.Key.ToString(),
            again,
            async () =>
            {
                if (wish.Record.IsGone || wish.Record.Latest.HasFinalizer)
                    return;
                await notes.FinalizeAsync(wish.Record, wanted: true, CancellationToken.None);
                Tell(
                    wish,
                    "FinalizerRestored",
                    "somebody removed it, perhaps with kubectl replace, and it was put back: without it a deletion would revoke nothing"
                );
            }
        );
    }

    /// <summary>A membership is gone though this operator did not let it go.</summary>
    /// <param name="gone">What it comes to.</param>
    public void Lost(Wish gone) =>
        Tell(
            gone,
            "FinalizerMissing",
            gone switch
            {
                { Record.IsDeletionSeen: true } or { Resource.IsBeingDeleted: true } =>
                    "it was removed by hand while the resource was being deleted, so nothing more is taken away: everybody who is still in stays",
                { IsOver: true } =>
                    "the resource was deleted without it; deletionPolicy: orphan, so everybody whom it let in keeps their access",
                { Stuck: { } stuck } =>
                    $"the resource was deleted without it, and what it granted cannot be revoked: {stuck.Message}",
                _ =>
                    "the resource was deleted without it; deletionPolicy: revoke is carried out from memory, unless another ProjectMembership declares the project",
            }
        );

    private void Tell(Wish wish, string reason, string what)
    {
        parts.OnFinalizerLost();
        OperatorLog.FinalizerLost(parts.Logger, wish.Record.Key.ToString(), what);
        parts.Events.Warned(wish.Resource, reason, "Watch", $"its finalizer is missing: {what}");
    }
}
