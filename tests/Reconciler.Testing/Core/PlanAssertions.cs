using Reconciler.Core.Actions;
using Reconciler.Core.Planning;

namespace Reconciler.Testing.Core;

/// <summary>Plans in one line each, so that a failing test shows the whole plan.</summary>
public static class PlanAssertions
{
    /// <summary><c>Update bob@x.example +write -read</c>.</summary>
    public static string Show(PlannedAction action)
    {
        var added = action.Added.Grants.Select(g => $" +{g}");
        var removed = action.Removed.Grants.Select(g => $" -{g}");
        return $"{action.Kind} {action.Person.Label}{string.Concat(added)}{string.Concat(removed)}";
    }

    public static void Does(this ProjectPlan plan, params string[] actions) =>
        Assert.Equal(actions, plan.Actions.Select(Show));

    public static void Finds(this ProjectPlan plan, params string[] findings) =>
        Assert.Equal(findings, plan.Findings.Select(f => $"{f.Kind} {f.Person}"));

    /// <summary>No action, and exactly these findings.</summary>
    public static void OnlyFinds(this ProjectPlan plan, params string[] findings)
    {
        plan.Does();
        plan.Finds(findings);
    }

    public static Finding TheFinding(this ProjectPlan plan) => Assert.Single(plan.Findings);
}
