using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Holds each action whose call destroys more than access, such as a person's forks: nobody who takes a line out of a
/// manifest expects that, and it cannot be undone.
/// </summary>
internal static class DestroyJudge
{
    /// <summary>Returns a hold, for the person alone, for each such action.</summary>
    /// <param name="project">The project, with the limits that judge it.</param>
    /// <param name="actions">The actions.</param>
    public static IEnumerable<Hold> Holds(DesiredProject project, IReadOnlyCollection<PlannedAction> actions)
    {
        var (vendor, destroys) = (project.Provider.Vendor, project.Provider.Vendor.Capabilities.Destroys);
        if (destroys.IsEmpty || project.Limits.Destroying.FirstOrDefault(l => !l.IsAllowed) is not { } limit)
            return [];
        return actions
            .Where(a => destroys.ContainsKey(a.Kind))
            .Select(a => new Hold(
                HoldScope.Person,
                $"{ActionWords.Of(a.Kind)} of {a.Person.Label}: at {vendor.Name} this also destroys "
                    + $"{destroys[a.Kind]}; "
                    + (
                        limit.Origin == LimitOrigin.BuiltIn
                            ? $"{limit.Source} holds that, and a Guardrail with mayDestroy: true allows it"
                            : $"{limit.Source} says that it may not"
                    )
            )
            {
                Limit = $"{limit.Source}: mayDestroy",
                Origin = limit.Origin,
                Person = a.Person.Key,
            });
    }
}
