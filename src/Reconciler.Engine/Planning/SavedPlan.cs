using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Engine.Applying;

namespace Reconciler.Engine.Planning;

/// <summary>An action that a saved plan allows.</summary>
/// <param name="Name">Its digest: the action, its project, and the live state that it starts from.</param>
/// <param name="Project">The document's namespace and name.</param>
/// <param name="Text">The action in words, to show what is gone since.</param>
public sealed record SavedAction(string Name, string Project, string Text);

/// <summary>
/// A plan that somebody read and kept. It applies nothing by itself: apply reads everything again, and does nothing
/// that is not in it. Reminders are not bounded, since one that falls due changes nobody's access.
/// </summary>
/// <param name="At">When it was made.</param>
/// <param name="Digest">The digest of the run.</param>
/// <param name="Actions">What it allows.</param>
public sealed record SavedPlan(DateTimeOffset At, string Digest, ImmutableArray<SavedAction> Actions)
{
    /// <summary>How long a plan may be applied after it was made.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromHours(24);

    /// <summary>Saves a plan: every action of it, held ones included, but no reminders.</summary>
    public static SavedPlan Of(RunPlan plan) =>
        new(
            plan.At,
            plan.Digest,
            [
                .. plan.Plans.SelectMany(p =>
                    Bounded(p.Actions)
                        .Select(a => new SavedAction(ActionDigest.Of(p.Project.Key, a), p.Project.Id, InWords(a)))
                ),
            ]
        );

    /// <summary>What keeps a fresh plan from being applied under this one; null where nothing does.</summary>
    /// <param name="fresh">The plan as it is now.</param>
    public Staleness? Judge(RunPlan fresh)
    {
        var allowed = Actions.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        var now = fresh
            .Plans.SelectMany(p =>
                Bounded(p.Applicable)
                    .Select(a => new SavedAction(ActionDigest.Of(p.Project.Key, a), p.Project.Id, InWords(a)))
            )
            .ToList();
        var added = now.Where(a => !allowed.Contains(a.Name)).ToImmutableArray();
        var isOld = now.Count > 0 && fresh.At - At > GoodFor;
        if (added.IsEmpty && !isOld)
            return null;
        var names = now.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        return new(isOld ? At : null, added, [.. Actions.Where(a => !names.Contains(a.Name))]);
    }

    /// <summary>
    /// Whether a run does exactly what a digest names; a run that would do nothing goes beyond no plan.
    /// </summary>
    public static bool IsAsExpected(RunPlan fresh, string digest) =>
        fresh.Digest == digest || !fresh.Plans.SelectMany(p => Bounded(p.Applicable)).Any();

    private static IEnumerable<PlannedAction> Bounded(IEnumerable<PlannedAction> actions) =>
        actions.Where(a => !a.IsReminder);

    private static string InWords(PlannedAction action)
    {
        var grants = action
            .Added.Grants.Select(g => $"+{g.Label}")
            .Concat(action.Removed.Grants.Select(g => $"−{g.Label}"));
        return $"{Audit.Word(action.Kind)} {(action.Email.Length > 0 ? action.Email : action.Person.Label)} "
            + $"[{string.Join(", ", grants)}]";
    }
}

/// <summary>How a plan differs from the one that was saved.</summary>
/// <param name="MadeAt">When the saved one was made, where it is too old; null where it is not.</param>
/// <param name="Added">What would be done and is not in the saved plan.</param>
/// <param name="Gone">What is in the saved plan and would not be done any more.</param>
public sealed record Staleness(
    DateTimeOffset? MadeAt,
    ImmutableArray<SavedAction> Added,
    ImmutableArray<SavedAction> Gone
);
