using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Engine;

namespace Reconciler.Reports;

/// <summary>Prints a plan for people: a diff of people and access, project by project, with a line of counts at the end.</summary>
/// <param name="output">Where to.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed whole.</param>
internal sealed class TextPlan(TextWriter output, Palette palette, bool verbose)
{
    private const int MostFindings = 10;

    public void Write(RunPlan plan)
    {
        foreach (var project in plan.Projects) Write(project);
        WriteSummary(new PlanSummary(plan), plan);
    }

    /// <summary>The mark of an action: + invite, ~ update, ↻ resend, ⊘ revoke, − remove.</summary>
    public static string Mark(ActionKind kind) => kind switch
    {
        ActionKind.Invite => "+",
        ActionKind.Update or ActionKind.Replace => "~",
        ActionKind.Resend => "↻",
        ActionKind.Revoke => "⊘",
        _ => "−",
    };

    /// <summary>A line for one action, with its colour.</summary>
    public static string Line(PlannedAction action, Palette palette)
    {
        var text = $"{Mark(action.Kind)} {action.Kind.ToString().ToLowerInvariant(),-7} {TerminalText.Escape(action.Email.Length > 0 ? action.Email : action.Person.Label)}";
        return action switch
        {
            { Kind: ActionKind.Revoke or ActionKind.Remove } => palette.Bad(text),
            { Phase: Phase.Demotion } => palette.Bad(text),
            { Kind: ActionKind.Invite } => palette.Good(text),
            _ => palette.Changed(text),
        };
    }

    /// <summary>Prints one project, where there is something to say of it.</summary>
    public void Write(PlannedProject project)
    {
        if (project.Failure is { } failure)
        {
            output.WriteLine(Title(project.Project, null));
            output.WriteLine($"  {palette.Alarm("failed")}: {TerminalText.Escape(failure.Message)}");
            output.WriteLine();
            return;
        }

        if (project.Plan is not { } plan || (plan.Actions.IsEmpty && plan.Holds.IsEmpty && !HasNews(plan))) return;
        output.WriteLine(Title(project.Project, plan.Live.Name));
        foreach (var action in plan.Actions) Write(action);
        WriteFindings(plan);
        foreach (var hold in plan.Holds) output.WriteLine($"  {palette.Alarm(hold.Scope == HoldScope.Plan ? "held" : "removals held")}: {TerminalText.Escape(hold.Message)}");
        if (!plan.Holds.IsEmpty) output.WriteLine($"  digest {plan.Digest}");
        if (project.Project.DryRun && !plan.Actions.IsEmpty) output.WriteLine(palette.Quiet("  dryRun: true, so nothing of this is applied"));
        output.WriteLine();
    }

    // What merely waits or is unmanaged is counted at the end; a project is printed for it only with -v.
    private bool HasNews(ProjectPlan plan) => plan.Findings.Any(f => verbose || f.Kind is not (FindingKind.Waiting or FindingKind.Unmanaged));

    private string Title(DesiredProject project, string? vendorName)
    {
        var id = TextNames.Short(project.Id);
        var name = vendorName is null ? "" : $" “{TerminalText.Escape(vendorName)}”";
        return palette.Strong($"{project.Provider.Name}: {id}") + name + palette.Quiet($" ({TerminalText.Escape(project.ProjectId)})");
    }

    private void Write(PlannedAction action)
    {
        output.WriteLine($"  {Line(action, palette)}{Grants(action)}");
        output.WriteLine(palette.Quiet($"      {TerminalText.Escape(action.Reason)}{Places(action)}"));
    }

    private string Grants(PlannedAction action)
    {
        var parts = action.Kind switch
        {
            ActionKind.Invite => [.. action.Added.Grants.Select(g => palette.Good(TerminalText.Escape(g.Label)))],
            ActionKind.Resend => [],
            _ => action.Added.Grants.Select(g => palette.Good($"+{TerminalText.Escape(g.Label)}"))
                .Concat(action.Removed.Grants.Select(g => palette.Bad($"−{TerminalText.Escape(g.Label)}"))).ToList(),
        };
        return parts.Count == 0 ? "" : $"  [{string.Join(", ", parts)}]";
    }

    private static string Places(PlannedAction action) =>
        action.Declared.IsEmpty || action.Declared[0].Line == 0 ? "" : $" ({TerminalText.Escape(action.Declared[^1].ToString())})";

    private void WriteFindings(ProjectPlan plan)
    {
        foreach (var kind in plan.Findings.GroupBy(f => f.Kind).OrderBy(g => g.Key))
        {
            var shown = verbose ? int.MaxValue : MostFindings;
            foreach (var finding in kind.Take(shown)) output.WriteLine($"  · {PlanSummary.Word(kind.Key)}: {TerminalText.Escape(finding.Person)} {TerminalText.Escape(finding.Message)}");
            if (kind.Count() > shown) output.WriteLine(palette.Quiet(string.Create(CultureInfo.InvariantCulture, $"  · {PlanSummary.Word(kind.Key)}: {kind.Count() - shown} more, shown with -v")));
        }
    }

    private void WriteSummary(PlanSummary summary, RunPlan plan)
    {
        if (summary.Actions == 0) output.WriteLine($"{palette.Strong("No changes.")} {People(summary.Converged)} in {Projects(summary.Projects)} {(summary.Converged == 1 ? "has" : "have")} the declared access.");
        else output.WriteLine(Counts(summary));
        foreach (var note in plan.Plans.SelectMany(p => p.Actions.Where(a => a.Note is not null).Select(a => $"{a.Kind.ToString().ToLowerInvariant()} at {p.Project.Provider.Vendor.Name}: {a.Note}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            output.WriteLine(palette.Quiet($"Note: {note}."));
        }

        if (summary.Findings > 0) output.WriteLine($"Findings: {summary.FindingsInWords()}.");
        if (summary.NotJudged > 0) output.WriteLine($"{summary.NotJudged} undeclared {(summary.NotJudged == 1 ? "person" : "people")} not judged: no ownership record (give one with --baseline, or set prune: all).");
        if (summary.LeftAlone > 0) output.WriteLine($"{People(summary.LeftAlone)} left alone: ignored, protected or machine accounts.");
        if (summary.Suspended > 0) output.WriteLine($"{Projects(summary.Suspended)} suspended.");
        if (summary.Held > 0) output.WriteLine(palette.Alarm($"Held: {Projects(summary.Held)}; nothing held is applied. Make the change smaller, or raise the limit (its Guardrail, --max-removals)."));
        if (summary.Failed > 0) output.WriteLine(palette.Alarm($"Failed: {Projects(summary.Failed)} could not be read."));
        if (summary.Actions > 0) output.WriteLine(palette.Quiet($"Digest {plan.Digest}"));
    }

    private string Counts(PlanSummary summary)
    {
        var removals = $"{summary.Of(ActionKind.Remove)} to remove";
        var kinds = new[] { ActionKind.Invite, ActionKind.Update, ActionKind.Replace, ActionKind.Resend, ActionKind.Revoke }
            .Where(k => summary.Of(k) > 0).Select(k => $"{summary.Of(k)} to {k.ToString().ToLowerInvariant()}")
            .Append(summary.Of(ActionKind.Remove) > 0 ? palette.Alarm(removals) : removals);
        return $"{palette.Strong("Plan:")} {string.Join(", ", kinds)}, in {summary.ProjectsWithChanges} of {Projects(summary.Projects)}.";
    }

    private static string People(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "person" : "people")}");

    private static string Projects(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "project" : "projects")}");
}
