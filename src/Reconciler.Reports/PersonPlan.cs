using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Prints the changes of a plan person by person, each with its project.</summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed completely.</param>
internal sealed class PersonPlan(TextWriter output, Palette palette, bool verbose)
{
    /// <summary>Prints everybody whom something is planned for, then those with findings alone.</summary>
    public void Write(RunPlan plan)
    {
        var changes = plan
            .Plans.SelectMany(p => p.Actions.Select(a => (Plan: p, Action: a)))
            .ToLookup(c => c.Action.Person.Key, StringComparer.Ordinal);
        var labels = changes
            .GroupBy(g => g.First().Action.Person.Label, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Key, StringComparer.Ordinal);
        var findings = plan
            .Plans.SelectMany(p => p.Findings.Select(f => (Plan: p, Finding: f)))
            .ToLookup(f => f.Finding.Person, StringComparer.Ordinal);
        foreach (var (label, key) in labels.OrderBy(l => l.Value, StringComparer.Ordinal))
            Write(label, [.. changes[key]], [.. findings[label]]);
        foreach (var person in findings.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!labels.ContainsKey(person.Key) && person.Any(f => IsNews(f.Finding)))
                Write(person.Key, [], [.. person]);
        }
    }

    private bool IsNews(Finding finding) =>
        verbose || finding.Kind is not (FindingKind.Waiting or FindingKind.Unmanaged);

    private void Write(
        string label,
        ImmutableArray<(ProjectPlan Plan, PlannedAction Action)> changes,
        ImmutableArray<(ProjectPlan Plan, Finding Finding)> findings
    )
    {
        output.WriteLine(palette.Strong(TerminalText.Escape(label)));
        foreach (var (plan, action) in changes)
            Write(plan, action);
        var lines = FindingLines.Of(findings.Select(f => f.Finding with { Person = Name(f.Plan) }), verbose, palette);
        foreach (var line in lines)
            output.WriteLine($"  · {line}");
        output.WriteLine();
    }

    private void Write(ProjectPlan plan, PlannedAction action)
    {
        var account =
            action.Email.Length > 0 && action.Email != action.Person.Label
                ? $" as {TerminalText.Escape(action.Email)}"
                : "";
        var text =
            $"{TextPlan.Mark(action.Kind)} {action.Kind.ToString().ToLowerInvariant(), -7} "
            + $"{TerminalText.Escape(Name(plan))}{account}";
        var held =
            plan.IsHeld(action) ? $"  {palette.Alarm("held")}"
            : plan.Project.DryRun ? $"  {palette.Quiet("dry run")}"
            : "";
        output.WriteLine($"  {TextPlan.Coloured(action, text, palette)}{TextPlan.Grants(action, palette)}{held}");
        output.WriteLine(palette.Quiet($"      {TextPlan.Why(action)}"));
        if (TextPlan.TakenOut(action) is { } commit)
            output.WriteLine(palette.Quiet($"      {commit}"));
    }

    private static string Name(ProjectPlan plan) => $"{plan.Project.Provider.Name}: {TextNames.Short(plan.Project.Id)}";
}
