using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>An approval of what is held in some project.</summary>
/// <param name="Hold">The digest that it names.</param>
/// <param name="By">Who or what approves, in words, such as <c>--approve</c>.</param>
public sealed record ApprovedHold(string Hold, string By)
{
    /// <summary>Which limits it releases; null where it releases any.</summary>
    public Func<Hold, bool>? Releases { get; init; }
}

/// <summary>
/// Judges the plans of one account together: the limits over all its projects, and what approvals let pass. Removals
/// that an approval lets pass, or that nothing else holds, count against the limits of the account; what is approved
/// goes first.
/// </summary>
/// <remarks>
/// A hold shows all removals that the account's plans ask for together. So one command can release them all, and
/// applying one plan changes no digest of the others. An approval still counts when fewer removals are left than it was
/// given for.
/// </remarks>
public sealed class AccountJudge
{
    // An hour's removals leave the count one by one, and projects that fell due together may fall due apart: how far
    // the reach of a limit over the account may have sunk since it was shown.
    private const int MostSunk = 1000;

    private readonly ImmutableArray<ProjectPlan> _plans;
    private readonly Func<TimeSpan, int> _recent;
    private readonly Dictionary<string, WindowedRemovalLimit[]> _limits;
    private readonly int _all;

    private AccountJudge(ImmutableArray<ProjectPlan> plans, Func<TimeSpan, int> recent)
    {
        (_plans, _recent, _all) = (plans, recent, plans.Sum(Wanted));
        // A namespace states limits for itself: another's must not keep its leavers in.
        _limits = plans
            .GroupBy(p => p.Project.Provider.Namespace, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => WindowsOf([.. g]).OrderBy(l => l.Count).ThenBy(l => l.Source, StringComparer.Ordinal).ToArray(),
                StringComparer.Ordinal
            );
    }

    /// <summary>Judges the plans of one account.</summary>
    /// <param name="plans">The plans, each with the holds of its own project.</param>
    /// <param name="recent">The removals already made, within a given time.</param>
    /// <param name="approvals">What may release a plan.</param>
    public static ImmutableArray<ProjectPlan> Of(
        ImmutableArray<ProjectPlan> plans,
        Func<TimeSpan, int> recent,
        Func<ProjectPlan, IReadOnlyCollection<ApprovedHold>> approvals
    ) => new AccountJudge(plans, recent).Run(approvals);

    // A project that was never applied has the built-in limit, since a Guardrail that came with it may not lift that.
    // Where the account's other projects were applied with a limit of their own, that one is known, and a new project
    // does not lower it.
    private static IEnumerable<WindowedRemovalLimit> WindowsOf(IReadOnlyList<ProjectPlan> plans)
    {
        var known = plans.Any(p =>
            !p.LimitChange.IsUnknown
            && p.Project.Limits.ProviderRemovals is [_, ..] all
            && all.All(l => l.Origin != LimitOrigin.BuiltIn)
        );
        return plans
            .SelectMany(p =>
                p.Project.Limits.ProviderRemovals.Where(l =>
                    !known || !p.LimitChange.IsUnknown || l.Origin != LimitOrigin.BuiltIn
                )
            )
            .Distinct();
    }

    private ImmutableArray<ProjectPlan> Run(Func<ProjectPlan, IReadOnlyCollection<ApprovedHold>> approvals)
    {
        ImmutableArray<ProjectPlan> released = [.. _plans.Select(p => Released(p, approvals(p)))];
        var coming = released.Sum(Judge.RemovalsToCome);
        return [.. released.Zip(_plans, (judged, plan) => Judged(judged, plan, coming))];
    }

    private ProjectPlan Judged(ProjectPlan released, ProjectPlan plan, int coming)
    {
        if (Wanted(plan) == 0)
            return released;
        // Nothing of its own holds it, and the account's limits are kept: no approval is needed, and none is used up.
        if (Judge.RemovalsToCome(plan) > 0 && !LimitsOf(plan).Any(l => coming + _recent(l.Window) > l.Count))
            return plan.Holds.IsEmpty ? plan : released;
        return released.Release is null ? plan.HeldBy(HoldsAt(plan, ReachOf)) : released;
    }

    private ProjectPlan Released(ProjectPlan plan, IReadOnlyCollection<ApprovedHold> approvals)
    {
        if (approvals.Count == 0)
            return plan;
        var held = Wanted(plan) == 0 ? plan : plan.HeldBy(HoldsAt(plan, ReachOf));
        if (held.Holds.IsEmpty)
            return plan;
        var given = approvals
            .GroupBy(a => a.Hold, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        foreach (var (digest, holds) in Covering(held, plan))
        {
            var fitting = given.GetValueOrDefault(digest)?.Find(a => holds.All(h => a.Releases?.Invoke(h) != false));
            if (fitting is not null)
                return held with { Release = new(fitting.By, fitting.Hold) };
        }

        return plan;
    }

    // What an approval may have named: the holds as they are now, or with a wider reach of the account's limits.
    private IEnumerable<(string Digest, ImmutableArray<Hold> Holds)> Covering(ProjectPlan held, ProjectPlan plan)
    {
        yield return (held.HeldDigest!, held.Holds);
        if (Wanted(plan) == 0 || LimitsOf(plan).Length == 0)
            yield break;
        // Which actions are held depends on whether such a limit holds, not on its reach.
        var actions = HoldDigest.Actions(plan with { Holds = HoldsAt(plan, _ => int.MaxValue) });
        foreach (var sunk in Enumerable.Range(1, MostSunk))
        {
            foreach (var one in LimitsOf(plan).Prepend(null))
            {
                var holds = HoldsAt(plan, l => ReachOf(l) + (one is null || one == l ? sunk : 0));
                if (holds.Length > plan.Holds.Length)
                    yield return (HoldDigest.Of(actions, holds), holds);
            }
        }
    }

    // One hold for each origin: an approval that lets one pass may say nothing of another.
    private ImmutableArray<Hold> HoldsAt(ProjectPlan plan, Func<WindowedRemovalLimit, int> reach) =>
        [
            .. plan.Holds,
            .. LimitsOf(plan).Where(l => reach(l) > l.Count).DistinctBy(l => l.Origin).Select(l => HoldOf(l, reach(l))),
        ];

    private Hold HoldOf(WindowedRemovalLimit limit, int reach) =>
        new(HoldScope.Removals, Text(limit))
        {
            Limit = $"{limit.Source}: maxRemovalsPerProvider",
            Origin = limit.Origin,
            Reach = reach,
            Measure = string.Create(CultureInfo.InvariantCulture, $"{limit.Count} in {PlanText.Length(limit.Window)}"),
        };

    private string Text(WindowedRemovalLimit limit)
    {
        var recent = _recent(limit.Window);
        var already =
            recent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and {recent} were made already");
        var allowed = string.Create(
            CultureInfo.InvariantCulture,
            $"{limit.Source} allows {limit.Count} in {PlanText.Length(limit.Window)}"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_all} removals over the provider's projects{already}; {allowed}"
        );
    }

    private int ReachOf(WindowedRemovalLimit limit) => _all + _recent(limit.Window);

    private WindowedRemovalLimit[] LimitsOf(ProjectPlan plan) => _limits[plan.Project.Provider.Namespace];

    private static int Wanted(ProjectPlan plan) => plan.Project.DryRun ? 0 : Judge.RemovalsOf(plan);
}
