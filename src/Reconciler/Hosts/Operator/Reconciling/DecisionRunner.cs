using Reconciler.Core.Membership;

namespace Reconciler.Hosts.Operator;

/// <summary>
/// Carries out beside passes what was decided over all memberships: stalled ones say so, records move to successors, deletions wait or end, and
/// missing finalizers are put back.
/// </summary>
/// <param name="chores">Does it.</param>
/// <param name="transfers">Moves records.</param>
/// <param name="finalizers">Watches over finalizers.</param>
internal sealed class DeletionSteps(OperatorChores chores, OwnershipTransfer transfers, FinalizerWatch finalizers)
{
    /// <summary>Begins whatever is to be done; nothing is waited for.</summary>
    /// <param name="judged">What was decided.</param>
    /// <param name="wishes">All of them.</param>
    /// <param name="isRunning">Whether a pass over a project is under way.</param>
    /// <param name="again">Asks for another look at one after a while.</param>
    /// <param name="settled">Told of each that is gone from the cluster and needs nothing more.</param>
    public void CarryOut(
        JudgedWishes judged,
        IEnumerable<Wish> wishes,
        Func<ProjectKey, bool> isRunning,
        Func<Wish, Action> again,
        Action<Wish> settled
    )
    {
        foreach (var wish in wishes.Where(w => w.IsHandedOver))
            again(wish)();
        foreach (var (wish, reason, message) in judged.Stuck)
            chores.Stall(wish, reason, message, again(wish));
        foreach (var (wish, message) in judged.Waiting)
        {
            if (message is not null)
                chores.Wait(wish, message, again(wish));
            again(wish)();
        }

        // The end of a pass asks for another look.
        foreach (var transfer in judged.Transfers.Where(t => !isRunning(t.Project)))
            transfers.Start(transfer, again(transfer.To));
        foreach (var (wish, project) in judged.TakenOver.Where(t => !isRunning(t.Project)))
            transfers.Forget(wish, project);
        foreach (
            var wish in judged.Over.Where(w =>
                !w.Record.Slots.Any(s => isRunning(s.Project) && !IsTakenOver(judged, w, s.Project))
            )
        )
            chores.LetGo(wish, key => IsTakenOver(judged, wish, key), again(wish), () => settled(wish));
        foreach (var wish in wishes.Where(w => !w.IsOthers))
            finalizers.Restore(wish, again(wish));
    }

    private static bool IsTakenOver(JudgedWishes judged, Wish wish, ProjectKey key) =>
        judged.Owners.TryGetValue(key, out var owner) && !ReferenceEquals(owner, wish);
}
