using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Importing;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints what an import found and wrote. Names come from the vendor, and are escaped.</summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed completely.</param>
public sealed class ImportReport(TextWriter output, Palette palette, bool verbose)
{
    private const int MostLines = 10;

    /// <summary>Prints which projects were skipped because manifests declare them.</summary>
    public void Skipped(ImmutableArray<DesiredProject> declared)
    {
        if (declared.IsEmpty)
            return;
        output.WriteLine(
            $"{palette.Strong("Skipped:")} {TextNames.Count(declared.Length, "project is", "projects are")} "
                + "declared already."
        );
        Lines(
            declared.Select(p =>
                $"{TextNames.Short(p.Id)} ({Escaped(p.ProjectId)}) at {Escaped(p.Declared.ToString())}"
            )
        );
    }

    /// <summary>Prints which projects could not be read.</summary>
    public void Failed(ImmutableArray<(NamedPlace Place, string Message)> failures)
    {
        foreach (var (place, message) in failures)
            output.WriteLine($"{palette.Alarm("not read")}: {Name(place)}: {Escaped(message)}");
    }

    /// <summary>Prints that there is nothing to import.</summary>
    public void Nothing() => output.WriteLine("Nothing to import.");

    /// <summary>Prints what the manifests contain, whom they leave out, and what a plan of them would change.</summary>
    public void Drafted(ImportDraft draft, ImmutableArray<(string Project, PlannedAction Action)> changes)
    {
        var entries = draft.Projects.SelectMany(p => p.Entries).ToList();
        var inTeams = draft.Teams.Sum(t => t.Members.Length * t.Projects.Length);
        var people = entries.Count(e => !e.IsTeam) + inTeams;
        var waiting = entries.Count(e => e.InvitedAt is not null);
        var invited =
            waiting == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {waiting} of them invited and not accepted yet");
        output.WriteLine(
            $"{palette.Strong("Found:")} {TextNames.Count(people, "membership", "memberships")} in "
                + $"{TextNames.Count(draft.Projects.Length, "project", "projects")} at {draft.Provider.Name}{invited}."
        );
        if (!draft.Teams.IsEmpty || !draft.Roles.IsEmpty)
            output.WriteLine(
                $"Proposed: {TextNames.Count(draft.Teams.Length, "team", "teams")}, "
                    + $"{TextNames.Count(draft.Roles.Length, "role", "roles")}; give them the names that people "
                    + "use."
            );
        var alone = draft.Projects.Sum(p => p.LeftAlone);
        if (alone > 0)
            output.WriteLine(
                $"{TextNames.Count(alone, "membership", "memberships")} not managed: ignored, or machine accounts."
            );
        Lines(
            draft.Projects.SelectMany(p =>
                p.LeftOut.Select(l =>
                    $"{palette.Changed("not declared")}: {p.Name}: {Escaped(l.Person)} {Escaped(l.Reason)}"
                )
            )
        );
        Lines(
            changes.Select(c =>
                $"{palette.Changed("the next apply changes")}: {c.Project}: "
                + $"{TextPlan.Line(c.Action, palette)}: {Escaped(c.Action.Reason)}"
            )
        );
    }

    /// <summary>Prints a list of files.</summary>
    /// <param name="word">The verb for the files, such as "wrote".</param>
    /// <param name="paths">The files.</param>
    public void Files(string word, IEnumerable<string> paths) => Lines(paths.Select(p => $"{word} {Escaped(p)}"));

    /// <summary>Prints the next step.</summary>
    /// <param name="command">The command that plans the new manifests.</param>
    public void Next(string command) =>
        output.WriteLine(palette.Quiet($"Look at the files, then run: {Escaped(command)}"));

    private void Lines(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        foreach (var line in verbose ? all : all.Take(MostLines))
            output.WriteLine($"  {line}");
        if (!verbose && all.Count > MostLines)
            output.WriteLine(
                palette.Quiet(
                    string.Create(CultureInfo.InvariantCulture, $"  {all.Count - MostLines} more, shown with -v")
                )
            );
    }

    private static string Name(NamedPlace place) =>
        place.Name is { } name ? $"“{Escaped(name)}” ({Escaped(place.Id)})" : Escaped(place.Id);

    private static string Escaped(string text) => TerminalText.Escape(text);
}
