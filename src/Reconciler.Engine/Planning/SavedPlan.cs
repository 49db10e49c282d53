using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;

namespace Reconciler.Engine.Planning;

/// <summary>An action that a saved plan allows.</summary>
/// <param name="Name">Its digest, computed from the action, its project, and the state at the vendor before it.</param>
/// <param name="Project">The namespace and name of the document.</param>
/// <param name="Text">The action in words, for the report.</param>
public sealed record SavedAction(string Name, string Project, string Text);

/// <summary>
/// A plan that was saved for a later apply. The apply reads everything again, and does nothing that is not in the plan.
/// Reminders are not limited by it, since they change nobody's access.
/// </summary>
/// <param name="At">The time when it was made.</param>
/// <param name="Digest">The digest of the run.</param>
/// <param name="Actions">The actions that it allows.</param>
public sealed record SavedPlan(DateTimeOffset At, string Digest, ImmutableArray<SavedAction> Actions)
{
    /// <summary>How long after its creation a plan may be applied.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    /// <summary>Saves a plan: all actions, including held ones, but no reminders.</summary>
    public static SavedPlan Of(RunPlan plan) =>
        new(
            plan.At,
            plan.Digest,
            [
                .. plan.Plans.SelectMany(p =>
                    Bounded(p.Actions)
                        .Select(a => new SavedAction(ActionDigest.Of(p.Project, a), p.Project.Id, InWords(a)))
                ),
            ]
        );

    /// <summary>
    /// Finds the differences that forbid to apply a new plan under this saved one; null where there are none.
    /// </summary>
    /// <param name="fresh">The plan as it is now.</param>
    public Staleness? Judge(RunPlan fresh)
    {
        var allowed = Actions.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        var now = fresh
            .Plans.SelectMany(p =>
                Bounded(p.Applicable)
                    .Select(a => new SavedAction(ActionDigest.Of(p.Project, a), p.Project.Id, InWords(a)))
            )
            .ToList();
        var added = now.Where(a => !allowed.Contains(a.Name)).ToImmutableArray();
        var isOld = now.Count > 0 && fresh.At - At > GoodFor;
        if (added.IsEmpty && !isOld)
            return null;
        var names = now.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        return new(isOld ? At : null, added, [.. Actions.Where(a => !names.Contains(a.Name))]);
    }

    /// <summary>Whether a plan has the expected digest. A plan without changes always matches.</summary>
    public static bool IsAsExpected(RunPlan fresh, string digest) =>
        fresh.Digest == digest || !fresh.Plans.SelectMany(p => Bounded(p.Applicable)).Any();

    private static IEnumerable<PlannedAction> Bounded(IEnumerable<PlannedAction> actions) =>
        actions.Where(a => !a.IsReminder);

    private static string InWords(PlannedAction action)
    {
        var grants = action
            .Added.Grants.Select(g => $"+{g.Label}")
            .Concat(action.Removed.Grants.Select(g => $"−{g.Label}"));
        return $"{ActionWords.Of(action.Kind)} {(action.Email.Length > 0 ? action.Email : action.Person.Label)} "
            + $"[{string.Join(", ", grants)}]";
    }
}

/// <summary>The difference between a plan and the saved one.</summary>
/// <param name="MadeAt">The time when the saved plan was made, where it is too old; null where it is not.</param>
/// <param name="Added">The actions that would be done and are not in the saved plan.</param>
/// <param name="Gone">The actions that are in the saved plan and would not be done any more.</param>
public sealed record Staleness(
    DateTimeOffset? MadeAt,
    ImmutableArray<SavedAction> Added,
    ImmutableArray<SavedAction> Gone
);
