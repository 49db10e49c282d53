using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Engine.Applying;

/// <summary>Groups actions that one call can carry: invitations with the same access and the same message.</summary>
internal static class Batches
{
    /// <summary>Groups actions into batches; every action that is not an invitation is a batch of its own.</summary>
    /// <param name="actions">The actions.</param>
    /// <param name="size">The most invitations that the vendor takes in one call.</param>
    public static IEnumerable<ImmutableArray<PlannedAction>> Of(IEnumerable<PlannedAction> actions, int size)
    {
        if (size <= 1)
            return actions.Select(a => ImmutableArray.Create(a));
        return actions
            .GroupBy(a => a.Kind == ActionKind.Invite ? (object)(a.Access!.Grants, a.Message) : a)
            .SelectMany(g => g.Chunk(size).Select(c => c.ToImmutableArray()));
    }
}
