using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Offboarding;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Prints the plan of an offboarding: what is removed where, what a human must do, and which lines to delete.
/// </summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed completely.</param>
public sealed class OffboardReport(TextWriter output, Palette palette, bool verbose)
{
    private const int MostPlaces = 10;

    /// <summary>Creates the command that releases holds, from their digests.</summary>
    public required Func<IEnumerable<string>, string> ReleaseCommand { get; init; }

    /// <summary>Prints the plan.</summary>
    public void Write(OffboardPlan plan)
    {
        output.WriteLine($"{palette.Strong("Offboarding")} {Escaped(plan.Subject.Email)}{Also(plan.Subject)}");
        output.WriteLine();
        var projects = new TextPlan(output, palette, verbose) { ReleaseCommand = ReleaseCommand };
        foreach (var project in plan.Plan.Projects)
            projects.Write(WithoutProtection(project));
        Section("Looked at:", plan.LookedAt.Select(l => Looked(l, plan.Plan)));
        Section(plan.IsProtected ? "Stays:" : "By hand:", plan.ByHand().Select(Step));
        Section(Lines(plan), plan.Mentions.Select(m => $"{Escaped(m.At.ToString())}  {Words(m)}"));
        if (plan.IsFound)
            Counts(plan);
        else
            NotFound(plan);
        projects.WriteReleaseOfAll([.. plan.Plan.Held.Select(p => p.HeldDigest!)]);
    }

    /// <summary>Prints why nothing is applied.</summary>
    public void Refused(OffboardPlan plan)
    {
        var person = plan.Subject.Persons.IsEmpty ? "" : ", or set departed: true in the Person's document";
        var declared = string.Join(", ", plan.StillDeclared.Take(10).Select(p => TextNames.Short(p.Id)));
        var more =
            plan.StillDeclared.Length > 10
                ? string.Create(CultureInfo.InvariantCulture, $" and {plan.StillDeclared.Length - 10} more")
                : "";
        output.WriteLine(
            palette.Alarm(
                $"Held: nothing is applied, since the manifests still declare {Escaped(plan.Subject.Email)} "
                    + $"in {declared}{more}, and the next reconcile would invite the person again."
            )
        );
        output.WriteLine($"Delete the lines above{person}; then run offboard again.");
    }

    // The rule that protects an account is printed once below, not in every project.
    private static PlannedProject WithoutProtection(PlannedProject project) =>
        project.Plan is not { } plan
            ? project
            : project with
            {
                Plan = plan with
                {
                    Findings =
                    [
                        .. plan.Findings.Where(f => f.Kind is not (FindingKind.Protected or FindingKind.Ignored)),
                    ],
                },
            };

    private static string Step(HandStep step) => $"{Escaped(Places(step, MostPlaces))}: {Escaped(step.Step)}";

    /// <summary>
    /// Describes the places of a step, by connection: <c>equinix-metal: Shadow, Third and 8 more</c>.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="most">The maximum number of projects to name for each connection.</param>
    internal static string Places(HandStep step, int most) =>
        string.Join(
            "; ",
            step.Places.GroupBy(p => p.Provider, StringComparer.Ordinal)
                .Select(g =>
                {
                    var names = g.Select(p => p.Project).OfType<string>().ToList();
                    if (names.Count == 0)
                        return g.Key;
                    var more =
                        names.Count > most
                            ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - most} more")
                            : "";
                    return $"{g.Key}: {string.Join(", ", names.Take(most))}{more}";
                })
        );

    private void NotFound(OffboardPlan plan)
    {
        var summary = new PlanSummary(plan.Plan);
        if (ReadingSentences.NothingKnown(summary.Projects, summary.Failed, summary.Suspended) is { } unknown)
            output.WriteLine($"{palette.Alarm("Nothing is known:")} {unknown}.");
        var known = ReadingSentences.Known(summary.Projects, summary.Read, summary.Failed);
        var read = summary.Read == 0 ? "" : $"in {known}, ";
        output.WriteLine(
            $"{palette.Alarm("Found nowhere:")} {Escaped(plan.Subject.Email)} is not {read}in the manifests "
                + "or in the state."
        );
        if (!plan.Traces.Similar.IsEmpty)
            output.WriteLine($"Similar: {Escaped(string.Join(", ", plan.Traces.Similar))}.");
        output.WriteLine("Nothing is taken away. Check the spelling.");
        if (summary is { Failed: > 0, Read: > 0 })
            output.WriteLine(palette.Alarm($"Failed: {ReadingSentences.NotRead(summary.Failed)}"));
    }

    private static string Also(OffboardingNames names)
    {
        var parts = names
            .OtherAddresses.Select(a => $"also {a}")
            .Concat(names.Persons.Select(p => $"Person {p[(p.IndexOf('/', StringComparison.Ordinal) + 1)..]}"))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return parts.Count == 0 ? "" : $" ({Escaped(string.Join(", ", parts))})";
    }

    private string Looked(LookedAt looked, RunPlan plan)
    {
        var suspended = plan.Projects.Count(p =>
            p.Project.Suspended && p.Project.Provider.Equals(looked.Listed.Provider)
        );
        var unread =
            suspended == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({suspended} suspended, not read)");
        var declared = string.Create(
            CultureInfo.InvariantCulture,
            $"{looked.Declared} declared {(looked.Declared == 1 ? "project" : "projects")}{unread}"
        );
        var (provider, listed) = (Escaped(looked.Listed.Provider.Name), looked.Listed);
        if (listed.Failure is { } failure)
            return $"{provider}: {declared}; {palette.Alarm("the others could not be listed")}: {Escaped(failure)}";
        return listed.Projects is null
            ? $"{provider}: {declared} only, since the vendor lists none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{provider}: {declared}, {looked.Undeclared} that no manifest declares"
            );
    }

    private static string Lines(OffboardPlan plan) =>
        plan.StillDeclared.IsEmpty
            ? "These lines name the person, and can be deleted:"
            : "Delete these lines, so that no later reconcile lets the person in again:";

    private static string Words(ManifestReference mention) =>
        mention.Kind switch
        {
            MentionKind.Member => $"a member of {mention.Name}",
            MentionKind.TeamMember => $"a member of the Team {mention.Name}",
            MentionKind.DepartedPerson =>
                $"the Person {mention.Name}, departed: keep it until a reconcile has run everywhere",
            _ => $"the Person {mention.Name}: delete it, or set departed: true",
        };

    private void Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;
        output.WriteLine(palette.Strong(title));
        foreach (var line in all)
            output.WriteLine($"  {line}");
        output.WriteLine();
    }

    private void Counts(OffboardPlan plan)
    {
        var summary = new PlanSummary(plan.Plan);
        output.WriteLine(First(summary));
        if (plan is { IsAtVendors: false, Traces.Removed: { } removed })
            output.WriteLine(Earlier(removed));
        if (summary.Held > 0)
            output.WriteLine(
                palette.Alarm(
                    $"Held: {PlanSentences.Kinds(summary.HeldOf, new(false))} in "
                        + $"{PlanSentences.Projects(summary.Held)}; nothing held is applied. Release it once by "
                        + "its digest, raise the limit (its Guardrail, --max-removals), or do it by hand."
                )
            );
        if (summary.Failed > 0 && summary.Read > 0)
            output.WriteLine(palette.Alarm($"Failed: {ReadingSentences.NotRead(summary.Failed)}"));
    }

    private string First(PlanSummary summary)
    {
        if (ReadingSentences.NothingKnown(summary.Projects, summary.Failed, summary.Suspended) is { } unknown)
            return $"{palette.Alarm("Nothing is known:")} {unknown}.";
        var known = ReadingSentences.Known(summary.Projects, summary.Read, summary.Failed);
        if (summary.Actions == 0)
            return $"{palette.Strong("Nothing to take away")} in {known}.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{palette.Strong("Plan:")} {summary.Of(ActionKind.Remove)} to remove, "
                + $"{summary.Of(ActionKind.Revoke)} to revoke, in "
                + $"{ReadingSentences.Of(summary.ProjectsWithChanges, summary.Read, summary.Failed)}."
        );
    }

    private static string Earlier(AuditEntry removed) =>
        Escaped(
            $"The history shows that {removed.Person} was removed from {Place(removed)} on "
                + $"{StateReport.Time(removed.At)}."
        );

    private static string Place(AuditEntry removed) =>
        removed.Document.Length > 0 ? TextNames.Short(removed.Document) : removed.Project.ProjectId;

    private static string Escaped(string text) => TerminalText.Escape(text);
}
