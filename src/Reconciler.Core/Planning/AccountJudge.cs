using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Core.Planning;

/// <summary>An approval of the held actions of one project.</summary>
/// <param name="Hold">The digest that it names.</param>
/// <param name="By">Who or what approves, in words, such as <c>--approve</c>.</param>
public sealed record ApprovedHold(string Hold, string By)
{
    /// <summary>Whether the approval releases a given hold; null if it releases any hold.</summary>
    public Func<Hold, bool>? Releases { get; init; }
}

/// <summary>
/// Checks the plans of one account together: limits that span its projects, and approvals. Removals that are approved,
/// or that nothing else holds, count against the account's limits; approved ones are counted first.
/// </summary>
/// <remarks>
/// A hold lists all removals that the plans of the account ask for together, and one command can release them all. A
/// digest contains no number of the account, so it stays the same when other plans ask for more or less. An approval
/// releases the removals that it names, whatever else the account does.
/// </remarks>
public sealed class AccountJudge
{
    private readonly ImmutableArray<ProjectPlan> _plans;
    private readonly Func<TimeSpan, int> _recent;
    private readonly Dictionary<string, WindowedRemovalLimit[]> _limits;
    private readonly int _all;

    private AccountJudge(ImmutableArray<ProjectPlan> plans, Func<TimeSpan, int> recent)
    {
        (_plans, _recent, _all) = (plans, recent, plans.Sum(Wanted));
        // Limits are counted per namespace, so that a limit of one namespace holds no removals in another.
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

    // A project that was never applied has the built-in limit, because a Guardrail added in the same change must not
    // lift it. If other projects of the account were applied with a limit of their own, that limit is known and is used
    // instead.
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
        // Only the account's limits held this plan, and they are kept now: no approval is needed, and none is used up.
        if (Judge.RemovalsToCome(plan) > 0 && !LimitsOf(plan).Any(l => coming + _recent(l.Window) > l.Count))
            return plan.Holds.IsEmpty ? plan : released;
        return released.Release is null ? plan.HeldBy(HoldsAt(plan, AmountOf)) : released;
    }

    private ProjectPlan Released(ProjectPlan plan, IReadOnlyCollection<ApprovedHold> approvals)
    {
        if (approvals.Count == 0)
            return plan;
        var held = Wanted(plan) == 0 ? plan : plan.HeldBy(HoldsAt(plan, AmountOf));
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

    // Lists what an approval may name: the holds as they are now, or with limits of the account that held the plan when
    // it was shown, and do not any more.
    private IEnumerable<(string Digest, ImmutableArray<Hold> Holds)> Covering(ProjectPlan held, ProjectPlan plan)
    {
        yield return (held.HeldDigest!, held.Holds);
        if (Wanted(plan) == 0 || LimitsOf(plan).Length == 0)
            yield break;
        // Which actions are held depends on whether a limit of the account holds at all, not on by how much.
        var actions = HoldDigest.Actions(plan with { Holds = HoldsAt(plan, _ => int.MaxValue) });
        foreach (var one in LimitsOf(plan).Prepend(null))
        {
            var holds = HoldsAt(plan, l => one is null || one == l ? int.MaxValue : AmountOf(l));
            if (holds.Length > held.Holds.Length)
                yield return (HoldDigest.Of(actions, holds), holds);
        }
    }

    // One hold per origin: an approval that may release a limit of the manifests may not release one of the runner.
    private ImmutableArray<Hold> HoldsAt(ProjectPlan plan, Func<WindowedRemovalLimit, int> amount) =>
        [
            .. plan.Holds,
            .. LimitsOf(plan)
                .Where(l => amount(l) > l.Count)
                .DistinctBy(l => l.Origin)
                .Select(l => HoldOf(l, amount(l))),
        ];

    private Hold HoldOf(WindowedRemovalLimit limit, int amount) =>
        new(HoldScope.Removals, Text(limit))
        {
            Limit = $"{limit.Source}: maxRemovalsPerProvider",
            Origin = limit.Origin,
            Amount = amount,
            ComparedWith = string.Create(
                CultureInfo.InvariantCulture,
                $"{limit.Count} in {PlanText.Length(limit.Window)}"
            ),
        };

    private string Text(WindowedRemovalLimit limit)
    {
        var recent = _recent(limit.Window);
        var already =
            recent == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", and {TextNames.Count(recent, "was", "were")} made already"
                );
        var allowed = string.Create(
            CultureInfo.InvariantCulture,
            $"{limit.Source} allows {limit.Count} in {PlanText.Length(limit.Window)}"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{TextNames.Count(_all, "removal", "removals")} over the provider's projects{already}; {allowed}"
        );
    }

    private int AmountOf(WindowedRemovalLimit limit) => _all + _recent(limit.Window);

    private WindowedRemovalLimit[] LimitsOf(ProjectPlan plan) => _limits[plan.Project.Provider.Namespace];

    private static int Wanted(ProjectPlan plan) => plan.Project.DryRun ? 0 : Judge.RemovalsOf(plan);
}
