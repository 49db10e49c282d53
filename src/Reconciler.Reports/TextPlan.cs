using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Prints a plan for people: a diff of people and access, project by project, with the counts at the end.
/// </summary>
/// <param name="output">The output.</param>
/// <param name="palette">The colours.</param>
/// <param name="verbose">Whether long lists are printed completely.</param>
public sealed class TextPlan(TextWriter output, Palette palette, bool verbose)
{
    private const int Width = 80;
    private const int Indent = 6;
    private const int LongestAuthor = 20;

    /// <summary>Creates the command that releases holds, from their digests.</summary>
    public Func<IEnumerable<string>, string> ReleaseCommand { get; init; } =
        holds => $"reconciler apply {string.Join(' ', holds.Select(h => $"--approve {h}"))}";

    /// <summary>Whether the changes are printed person by person.</summary>
    public bool IsByPerson { get; init; }

    /// <summary>Prints every project, then the counts, and the digest where there are changes.</summary>
    public void Write(RunPlan plan)
    {
        if (IsByPerson)
            WriteByPerson(plan);
        else
            WriteByProject(plan);
        foreach (var sentence in PlanSentences.Of(plan, palette))
            output.WriteLine(sentence);
        foreach (var line in NotManagedLines.Of(plan, verbose, palette))
            output.WriteLine($"  {line}");
        WriteReleaseOfAll([.. plan.Held.Select(p => p.HeldDigest!)]);
        if (plan.HasChanges)
            output.WriteLine(palette.Quiet($"Digest {plan.Digest}"));
    }

    // What changes or fails comes first, or many projects with findings alone would bury it.
    private void WriteByProject(RunPlan plan)
    {
        foreach (var project in plan.Projects.OrderBy(p => p.Failure is null && p.Plan is not { HasChange: true }))
            Write(project);
    }

    // A failure or a limit is about a project, and not about one person in it.
    private void WriteByPerson(RunPlan plan)
    {
        new PersonPlan(output, palette, verbose).Write(plan);
        foreach (var project in plan.Projects)
        {
            if (project.Failure is not null)
                Write(project);
            else if (project.Plan is { } own && (!own.Holds.IsEmpty || !own.LimitChange.Texts.IsEmpty))
                WriteLimits(project.Project, own);
        }
    }

    private void WriteLimits(DesiredProject project, ProjectPlan plan)
    {
        output.WriteLine(Title(project, plan.Live.Name));
        WriteLimits(plan);
        output.WriteLine();
    }

    /// <summary>Prints the command that releases all holds at once, where several projects are held.</summary>
    internal void WriteReleaseOfAll(IReadOnlyCollection<string> holds)
    {
        if (holds.Count > 1)
            output.WriteLine($"Release all {holds.Count} once with: {TerminalText.Escape(ReleaseCommand(holds))}");
    }

    /// <summary>Returns the mark of an action: + invite, ~ update, ↻ resend, ⊘ revoke, − remove.</summary>
    public static string Mark(ActionKind kind) =>
        kind switch
        {
            ActionKind.Invite => "+",
            ActionKind.Update or ActionKind.Replace => "~",
            ActionKind.Resend => "↻",
            ActionKind.Revoke => "⊘",
            _ => "−",
        };

    /// <summary>Renders a line for one action, with its colour.</summary>
    internal static string Line(PlannedAction action, Palette palette)
    {
        var text =
            $"{Mark(action.Kind)} {action.Kind.ToString().ToLowerInvariant(), -7} "
            + $"{TerminalText.Escape(action.Email.Length > 0 ? action.Email : action.Person.Label)}";
        return Coloured(action, text, palette);
    }

    /// <summary>Colours a text about an action.</summary>
    internal static string Coloured(PlannedAction action, string text, Palette palette) =>
        action switch
        {
            { Kind: ActionKind.Revoke or ActionKind.Remove } => palette.Bad(text),
            { Phase: Phase.Demotion } => palette.Bad(text),
            { Kind: ActionKind.Invite } => palette.Good(text),
            _ => palette.Changed(text),
        };

    /// <summary>Prints one project, where it has something to report.</summary>
    internal void Write(PlannedProject project)
    {
        if (project.Failure is { } failure)
        {
            output.WriteLine(Title(project.Project, null));
            output.WriteLine($"  {palette.Alarm("failed")}: {TerminalText.Escape(failure.Message)}");
            output.WriteLine();
            return;
        }

        if (project.Plan is not { } plan || !HasNews(plan, verbose))
            return;
        output.WriteLine(Title(project.Project, plan.Live.Name));
        foreach (var action in plan.Actions)
            Write(action);
        WriteLimits(plan);
        if (project.Project.DryRun && !plan.Actions.IsEmpty)
            output.WriteLine(palette.Quiet("  dryRun: true, so nothing of this is applied"));
        foreach (var line in FindingLines.Of(plan.Findings, verbose, palette))
            output.WriteLine($"  · {line}");
        output.WriteLine();
    }

    private void WriteLimits(ProjectPlan plan)
    {
        foreach (var text in plan.LimitChange.Texts)
            output.WriteLine($"  {palette.Alarm("limit loosened")}: {TerminalText.Escape(text)}");
        if (plan.Holds.IsEmpty)
            return;
        foreach (var hold in plan.Holds)
            output.WriteLine($"  {Word(plan, hold)}: {TerminalText.Escape(hold.Message)}");
        if (plan.Release is { } release)
            output.WriteLine($"  {palette.Changed("released once")} by {TerminalText.Escape(release.By)}");
        else
            output.WriteLine($"  release it once with: {TerminalText.Escape(ReleaseCommand([plan.HeldDigest!]))}");
    }

    private string Word(ProjectPlan plan, Hold hold)
    {
        var word = HoldWords.Of(hold);
        return plan.Release is null ? palette.Alarm(word) : palette.Quiet($"would be {word}");
    }

    /// <summary>
    /// Whether a project is printed. Pending invitations and unmanaged people are counted at the end; a project that
    /// has nothing else is printed only with -v.
    /// </summary>
    internal static bool HasNews(ProjectPlan plan, bool verbose) =>
        plan.HasChange
        || plan.Findings.Any(f => verbose || f.Kind is not (FindingKind.Waiting or FindingKind.Unmanaged));

    private string Title(DesiredProject project, string? vendorName)
    {
        var title = ProjectTitle.Of(project.Id, vendorName, project.ProjectId);
        var name = title.VendorName is null ? "" : $" “{TerminalText.Escape(title.VendorName)}”";
        return palette.Strong($"{project.Provider.Name}: {title.Name}")
            + name
            + (project.IsDeleted || title.Id is null ? "" : palette.Quiet($" ({TerminalText.Escape(title.Id)})"));
    }

    private void Write(PlannedAction action)
    {
        output.WriteLine($"  {Line(action, palette)}{Grants(action, palette)}");
        output.WriteLine(palette.Quiet($"      {Why(action)}"));
        if (TakenOut(action) is { } commit)
            output.WriteLine(palette.Quiet($"      {commit}"));
    }

    /// <summary>Renders an action without its person, such as <c>update [+Editors, −Owner]</c>, not escaped.</summary>
    internal static string Words(PlannedAction action)
    {
        var parts = action
            .Added.Grants.Select(g => $"+{g.Label}")
            .Concat(action.Removed.Grants.Select(g => $"−{g.Label}"))
            .ToList();
        var kind = ActionWords.Of(action.Kind);
        return parts.Count == 0 ? kind : $"{kind} [{string.Join(", ", parts)}]";
    }

    /// <summary>Renders in brackets the access that an action gives and takes; empty for a reminder.</summary>
    internal static string Grants(PlannedAction action, Palette palette)
    {
        var parts = action.Kind switch
        {
            ActionKind.Invite => [.. action.Added.Grants.Select(g => palette.Good(TerminalText.Escape(g.Label)))],
            ActionKind.Resend => [],
            _ => action
                .Added.Grants.Select(g => palette.Good($"+{TerminalText.Escape(g.Label)}"))
                .Concat(action.Removed.Grants.Select(g => palette.Bad($"−{TerminalText.Escape(g.Label)}")))
                .ToList(),
        };
        return parts.Count == 0 ? "" : $"  [{string.Join(", ", parts)}]";
    }

    /// <summary>Renders the commit that took the person's entry out, in 74 characters; null if none is known.</summary>
    public static string? TakenOut(PlannedAction action)
    {
        if (action.RemovedBy is not { } by)
            return null;
        var head = $"taken out by {by.ShortCommit}";
        var author = by.Author.Length == 0 ? "" : $", {Fitted(by.Author, LongestAuthor)}";
        var room = Width - Indent - head.Length - author.Length - " “”".Length;
        return by.Subject.Length == 0 ? $"{head}{author}" : $"{head} “{Fitted(by.Subject, room)}”{author}";
    }

    private static string Fitted(string text, int room)
    {
        var shown = TerminalText.Escape(text);
        return shown.Length <= room ? shown : $"{Cut(shown, room - 1)}…";
    }

    // A spelled-out character is left out whole, so that no half of it stands there.
    private static string Cut(string text, int length)
    {
        var spelled = text.LastIndexOf("\\u", length - 1, Math.Min(length, 6), StringComparison.Ordinal);
        var end = spelled >= 0 && spelled + 6 > length ? spelled : length;
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }

    /// <summary>Renders the reason, and where it is declared.</summary>
    public static string Why(PlannedAction action) =>
        TerminalText.Escape(
            action.Declared.IsEmpty || action.Declared[0].Line == 0
                ? action.Reason
                : $"{action.Reason} ({action.Declared[^1]})"
        );
}
