using System.Globalization;
using Reconciler.Core.Membership.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Engine;

namespace Reconciler.Reports;

/// <summary>Prints the plan of an offboarding: what is taken away where, what is left to a human, and which lines to delete.</summary>
/// <param name="output">Where to.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed whole.</param>
internal sealed class OffboardReport(TextWriter output, Palette palette, bool verbose)
{
    /// <summary>The command that lets holds pass, by their digests.</summary>
    public required Func<IEnumerable<string>, string> ReleaseCommand { get; init; }

    /// <summary>Prints the plan.</summary>
    public void Write(OffboardPlan plan)
    {
        output.WriteLine($"{palette.Strong("Offboarding")} {Escaped(plan.Leaver.Email)}{Also(plan.Leaver)}");
        output.WriteLine();
        var projects = new TextPlan(output, palette, verbose) { ReleaseCommand = ReleaseCommand };
        foreach (var project in plan.Plan.Projects) projects.Write(project);
        Section("Looked at:", plan.LookedAt.Select(Looked));
        Section("By hand:", plan.ByHand().Select(step => $"{Escaped(step.Place)}: {Escaped(step.Step)}"));
        Section(Lines(plan), plan.Mentions.Select(m => $"{Escaped(m.At.ToString())}  {Words(m)}"));
        Counts(new(plan.Plan));
        projects.WriteReleaseOfAll([.. plan.Plan.Held.Select(p => p.HeldDigest!)]);
    }

    /// <summary>Says why nothing is applied.</summary>
    public void Refused(OffboardPlan plan)
    {
        var person = plan.Leaver.Persons.IsEmpty ? "" : ", or set departed: true in the Person's document";
        var declared = string.Join(", ", plan.StillDeclared.Take(10).Select(p => TextNames.Short(p.Id)));
        var more = plan.StillDeclared.Length > 10 ? string.Create(CultureInfo.InvariantCulture, $" and {plan.StillDeclared.Length - 10} more") : "";
        output.WriteLine(palette.Alarm($"Held: nothing is applied, since the manifests still declare {Escaped(plan.Leaver.Email)} in {declared}{more}, and the next pass would invite the person again."));
        output.WriteLine($"Delete the lines above{person}; then run offboard again.");
    }

    private static string Also(LeaverNames leaver)
    {
        var parts = leaver.OtherAddresses.Select(a => $"also {a}").Concat(leaver.Persons.Select(p => $"Person {p[(p.IndexOf('/', StringComparison.Ordinal) + 1)..]}")).Distinct(StringComparer.Ordinal).ToList();
        return parts.Count == 0 ? "" : $" ({Escaped(string.Join(", ", parts))})";
    }

    private string Looked(LookedAt looked)
    {
        var declared = string.Create(CultureInfo.InvariantCulture, $"{looked.Declared} declared {(looked.Declared == 1 ? "project" : "projects")}");
        var (provider, listed) = (Escaped(looked.Listed.Provider.Name), looked.Listed);
        if (listed.Failure is { } failure) return $"{provider}: {declared}; {palette.Alarm("the others could not be listed")}: {Escaped(failure)}";
        return listed.Projects is null ? $"{provider}: {declared} only, since the vendor lists none" : string.Create(CultureInfo.InvariantCulture, $"{provider}: {declared}, {looked.Undeclared} that no manifest declares");
    }

    private static string Lines(OffboardPlan plan) => plan.StillDeclared.IsEmpty
        ? "These lines name the person, and can be deleted:"
        : "Delete these lines, so that no later pass lets the person in again:";

    private static string Words(Mention mention) => mention.Kind switch
    {
        MentionKind.Member => $"a member of {mention.Name}",
        MentionKind.TeamMember => $"a member of the Team {mention.Name}",
        MentionKind.DepartedPerson => $"the Person {mention.Name}, departed: keep it until a pass has run everywhere",
        _ => $"the Person {mention.Name}: delete it, or set departed: true",
    };

    private void Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return;
        output.WriteLine(palette.Strong(title));
        foreach (var line in all) output.WriteLine($"  {line}");
        output.WriteLine();
    }

    private void Counts(PlanSummary summary)
    {
        if (summary.Actions == 0) output.WriteLine($"{palette.Strong("Nothing to take away")} in {PlanSentences.Projects(summary.Projects)}.");
        else output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{palette.Strong("Plan:")} {summary.Of(ActionKind.Remove)} to remove, {summary.Of(ActionKind.Revoke)} to revoke, in {summary.ProjectsWithChanges} of {PlanSentences.Projects(summary.Projects)}."));
        if (summary.Held > 0) output.WriteLine(palette.Alarm($"Held: {PlanSentences.Projects(summary.Held)}; nothing held is applied. Release it once by its digest, raise the limit (its Guardrail, --max-removals), or do it by hand."));
        if (summary.Failed > 0) output.WriteLine(palette.Alarm($"Failed: {PlanSentences.Projects(summary.Failed)} could not be read."));
    }

    private static string Escaped(string text) => TerminalText.Escape(text);
}
