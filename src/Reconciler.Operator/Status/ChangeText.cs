using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Operator.Status;

/// <summary>Describes a plan and its outcomes in the status of a membership.</summary>
internal static class ChangeText
{
    /// <summary>The most people, actions or limits that are listed.</summary>
    public const int MostListed = 100;

    private const int LongestLine = 300;
    private const int LongestSummary = 200;

    /// <summary>The actions of a plan that are not done.</summary>
    public static ImmutableArray<PlannedAction> Left(ProjectReconcile reconcile, ProjectPlan plan)
    {
        var done = reconcile
            .Outcomes.Where(o => o.Kind is OutcomeKind.Done or OutcomeKind.Manual or OutcomeKind.Overtaken)
            .Select(o => o.Action)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. plan.Actions.Where(a => !done.Contains(a))];
    }

    /// <summary>Describes an action in a line.</summary>
    /// <param name="action">The action.</param>
    /// <param name="isDone">Whether it was done; else it is to be.</param>
    public static string Text(PlannedAction action, bool isDone = false)
    {
        var gained =
            action.Added.IsNone ? ""
            : action.Kind == ActionKind.Invite ? $" with {action.Added}"
            : $" + {action.Added}";
        var lost = action.Removed.IsNone ? "" : $" − {action.Removed}";
        var verb = isDone ? Past(action.Kind) : ActionWords.Of(action.Kind);
        return Line($"{verb} {PersonOf(action)}{gained}{lost} ({action.Reason})");
    }

    /// <summary>The person of an action, as people know them.</summary>
    public static string PersonOf(PlannedAction action) => action.Email.Length > 0 ? action.Email : action.Person.Label;

    /// <summary>Counts the members that are as declared.</summary>
    public static int ConvergedOf(ProjectReconcile reconcile, ProjectPlan plan) =>
        plan.Converged
        + reconcile.Outcomes.Count(o =>
            o is { Kind: OutcomeKind.Done, Action.Kind: ActionKind.Update, Action.Access: not null }
        );

    /// <summary>Summarizes a plan and its outcomes in a line.</summary>
    public static string Summary(ProjectReconcile reconcile, ProjectPlan plan)
    {
        var parts = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{ConvergedOf(reconcile, plan)} of {plan.Project.Members.Length} as declared"
            ),
        };
        parts.AddRange(
            reconcile
                .Outcomes.Where(o => o.Kind == OutcomeKind.Done)
                .CountBy(o => o.Action.Kind)
                .OrderBy(c => c.Key)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {Past(c.Key)}"))
        );
        parts.AddRange(
            plan.Findings.Where(f => f.Kind != FindingKind.Expiring)
                .CountBy(f => f.Kind)
                .OrderBy(c => c.Key)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {State(c.Key)}"))
        );
        // Only the next reconcile knows who granted their access, so here they are only called undeclared.
        if (plan.NotJudged > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.NotJudged} undeclared"));
        var left = Left(reconcile, plan);
        parts.AddRange(Kinds(left.Where(a => !plan.IsHeld(a))));
        if (plan.Project.DryRun)
            parts.Add("dry run");
        if (!plan.LimitChange.Texts.IsEmpty)
            parts.Add("limits loosened");
        var held = string.Join(", ", Kinds(left.Where(plan.IsHeld)));
        if (!plan.IsFree)
            parts.Add(held.Length > 0 ? $"held: {held}" : "held");
        return Conditions.Cut(string.Join(", ", parts), LongestSummary);
    }

    private static IEnumerable<string> Kinds(IEnumerable<PlannedAction> actions) =>
        actions
            .CountBy(a => a.Kind)
            .OrderBy(c => c.Key)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} to {ActionWords.Of(c.Key)}"));

    /// <summary>Lists the people who are not as declared.</summary>
    public static List<(string Person, string State, string Message)> People(
        ProjectReconcile reconcile,
        ProjectPlan plan
    )
    {
        var tried = reconcile.Outcomes.ToDictionary<ActionOutcome, object>(
            o => o.Action,
            ReferenceEqualityComparer.Instance
        );
        var people = new List<(string Person, string State, string Message)>();
        foreach (var action in plan.Actions)
        {
            var outcome = tried.GetValueOrDefault(action);
            if (outcome is { Kind: OutcomeKind.Overtaken })
                continue;
            if (
                outcome is { Kind: OutcomeKind.Done }
                && action.Kind is not (ActionKind.Invite or ActionKind.Replace or ActionKind.Resend)
            )
                continue;
            people.Add(
                (
                    PersonOf(action),
                    outcome?.Kind switch
                    {
                        OutcomeKind.Done => "Waiting",
                        OutcomeKind.Manual => "Manual",
                        OutcomeKind.Failed => "Failed",
                        _ => plan.IsHeld(action) ? "Held" : "Pending",
                    },
                    outcome?.Kind == OutcomeKind.Done
                        ? $"{Past(action.Kind)}; not accepted yet"
                        : outcome?.Message ?? Text(action)
                )
            );
        }

        people.AddRange(plan.Findings.Select(f => (f.Person, f.Kind.ToString(), f.Message)));
        return [.. people.OrderBy(p => p.Item1, StringComparer.Ordinal)];
    }

    /// <summary>Writes a plan that is not done.</summary>
    public static JsonObject PlanOf(ProjectPlan plan, ImmutableArray<PlannedAction> left)
    {
        var counts = new JsonObject { ["digest"] = plan.Digest };
        if (!plan.IsFree)
            counts["hold"] = plan.HeldDigest;
        foreach (var kind in Enum.GetValues<ActionKind>())
            counts[ActionWords.Of(kind)] = left.Count(a => a.Kind == kind);
        counts["held"] = new JsonArray([
            .. plan.IsFree ? [] : plan.Holds.Select(h => JsonValue.Create(Line(h.Message))),
        ]);
        counts["actions"] = new JsonArray([.. left.Take(MostListed).Select(a => JsonValue.Create(Text(a)))]);
        return counts;
    }

    /// <summary>Cuts a text to one line of a status.</summary>
    public static string Line(string text) => Conditions.Cut(TerminalText.Escape(text), LongestLine);

    private static string Past(ActionKind kind) =>
        kind switch
        {
            ActionKind.Invite => "invited",
            ActionKind.Update => "updated",
            ActionKind.Replace => "invited again",
            ActionKind.Resend => "reminded",
            ActionKind.Revoke => "revoked",
            _ => "removed",
        };

    private static string State(FindingKind kind) =>
        kind switch
        {
            FindingKind.AddressChanged => "with a changed address",
            FindingKind.LoginTaken => "with a login of another account",
            FindingKind.OnTrust => "taken on trust",
            FindingKind.SecondAccount => "with a second account",
            FindingKind.GaveUp => "given up",
            FindingKind.Manual => "for a human",
            _ => kind.ToString().ToLowerInvariant(),
        };
}
