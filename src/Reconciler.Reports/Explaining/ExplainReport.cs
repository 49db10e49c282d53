using System.Globalization;
using Reconciler.Core.Offboarding;
using Reconciler.Core.Text;
using Reconciler.Engine.Explaining;
using Reconciler.Engine.Reviews;
using Reconciler.Reports.Review;

namespace Reconciler.Reports.Explaining;

/// <summary>Prints for people why one person has access: project by project, a label and a text on each line.</summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
public sealed class ExplainReport(TextWriter output, Palette palette)
{
    private const int LabelWidth = 12;

    /// <summary>Prints the explanation.</summary>
    public void Write(Explanation explanation)
    {
        output.WriteLine($"{palette.Strong(Escaped(explanation.Subject.Email))}{Escaped(Also(explanation))}");
        output.WriteLine();
        foreach (var access in explanation.Accesses)
            Write(explanation, access);
        if (!explanation.Mentions.IsEmpty)
            Mentions(explanation);
        foreach (var project in explanation.NotRead)
            output.WriteLine(TextReview.NotRead(project, palette));
        End(explanation);
    }

    private void Write(Explanation explanation, ExplainedAccess access)
    {
        var project = access.Row.Project;
        var title = ProjectTitle.Of(project.Document, project.VendorName, project.ProjectId);
        output.WriteLine(
            palette.Strong(Escaped($"{project.ProviderName}: {title.Name}"))
                + (title.VendorName is { } name ? $" “{Escaped(name)}”" : "")
                + (title.Id is { } id ? palette.Quiet($" ({Escaped(id)})") : "")
        );
        foreach (var (label, text) in ExplainLines.Of(explanation, access))
            Line(label, text);
        output.WriteLine();
    }

    private void Line(string label, string text)
    {
        var shown = label;
        foreach (var line in WrappedText.Lines(Escaped(text), LabelWidth + 2))
        {
            output.WriteLine($"  {palette.Quiet(shown.PadRight(LabelWidth))}{line}");
            shown = "";
        }
    }

    private void Mentions(Explanation explanation)
    {
        output.WriteLine(palette.Strong("These lines name the person, and give no access to a project above:"));
        foreach (var mention in explanation.Mentions)
            output.WriteLine($"  {Escaped(mention.At.ToString())}  {Escaped(Words(mention))}");
        output.WriteLine();
    }

    private void End(Explanation explanation)
    {
        var projects = PlanSentences.Projects(explanation.LookedAt);
        if (!explanation.IsFound)
        {
            var read = explanation.LookedAt == 0 || explanation.IsOffline ? "" : $"in {projects}, ";
            output.WriteLine(
                $"{palette.Alarm("Found nowhere:")} {Escaped(explanation.Subject.Email)} is not {read}in the manifests "
                    + "or in the state."
            );
            if (!explanation.Similar.IsEmpty)
                output.WriteLine($"Similar: {Escaped(string.Join(", ", explanation.Similar))}.");
            return;
        }

        if (explanation.Accesses.IsEmpty)
            output.WriteLine($"{palette.Strong("No access")} in {projects}.");
        else
            output.WriteLine(Counts(explanation, projects));
        if (explanation is { Accesses.IsEmpty: true, Removed: { } removed })
            output.WriteLine(
                Escaped(
                    $"The history shows that {removed.Person} was removed from {Place(removed)} on "
                        + $"{ReviewWords.Date(removed.At)}."
                )
            );
        output.WriteLine(
            palette.Quiet(
                explanation.IsOffline
                    ? "No vendor was asked (--offline): this is what manifests and state say."
                    : "Only declared projects are read; reconciler offboard --dry-run reads all."
            )
        );
    }

    private string Counts(Explanation explanation, string projects)
    {
        var rows = explanation.Accesses.Select(a => a.Row).ToList();
        if (explanation.IsOffline)
            return string.Create(CultureInfo.InvariantCulture, $"Named in {rows.Count} of {projects}.");
        var states = rows.GroupBy(r => r.State)
            .OrderBy(g => g.Key)
            .Select(g =>
                string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key.ToString().ToLowerInvariant()}")
            );
        var found = rows.Select(r => (r.Project.Provider, r.Project.Document)).Distinct().Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{palette.Strong("Found")} in {found} of {projects}: {string.Join(", ", states)}."
        );
    }

    private static string Also(Explanation explanation)
    {
        var names = explanation.Subject;
        var parts = names
            .OtherAddresses.Select(a => $"also {a}")
            .Concat(names.Persons.Select(p => $"Person {TextNames.Short(p)}"))
            .ToList();
        var called = explanation
            .Accesses.Select(a => ReviewWords.NameOf(a.Row))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(n => $"“{n}”")
            .ToList();
        return (called.Count == 0 ? "" : $" {string.Join(" ", called)}")
            + (parts.Count == 0 ? "" : $" ({string.Join(", ", parts)})");
    }

    private static string Words(ManifestReference mention) =>
        mention.Kind switch
        {
            MentionKind.Member => $"a member of {mention.Name}",
            MentionKind.TeamMember => $"a member of the Team {mention.Name}",
            MentionKind.DepartedPerson => $"the Person {mention.Name}, departed",
            _ => $"the Person {mention.Name}",
        };

    private static string Place(Reconciler.Core.Ledgers.AuditEntry removed) =>
        removed.Document.Length > 0 ? TextNames.Short(removed.Document) : removed.Project.ProjectId;

    private static string Escaped(string text) => TerminalText.Escape(text);
}
