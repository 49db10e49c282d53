using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports.Markdown;

/// <summary>Renders one project of a plan as a collapsible section.</summary>
internal sealed class MarkdownProject
{
    private static readonly Palette Plain = new(false);

    private readonly PlannedProject _project;
    private readonly ImmutableArray<string> _always;
    private readonly ImmutableArray<string> _changes;
    private readonly ImmutableArray<string> _findings;

    private MarkdownProject(PlannedProject project, bool verbose)
    {
        _project = project;
        _always = [.. Always(project).Select(l => MarkdownFence.Clip(l))];
        _changes = [.. (project.Plan?.Actions ?? []).Select(Change)];
        _findings = project.Plan is { } plan
            ? [.. FindingLines.Of(plan.Findings, verbose, Plain).Select(l => MarkdownFence.Clip($"  · {l}"))]
            : [];
    }

    /// <summary>The number of its changes, and of lines with findings.</summary>
    public (int Changes, int Findings) Size => (_changes.Length, _findings.Length);

    /// <summary>Whether a limit holds the project.</summary>
    public bool IsHeld => _project.Plan is { IsFree: false };

    /// <summary>Whether the project could not be read.</summary>
    public bool IsFailed => _project.Failure is not null;

    /// <summary>Creates the section; null where the project has nothing to report.</summary>
    public static MarkdownProject? Of(PlannedProject project, bool verbose) =>
        project.Failure is not null || (project.Plan is { } plan && TextPlan.HasNews(plan, verbose))
            ? new(project, verbose)
            : null;

    /// <summary>Renders the complete section.</summary>
    public string Whole() => Render(_changes.Length + _findings.Length);

    /// <summary>Renders as much of the section as fits; null where no change or finding fits.</summary>
    /// <param name="room">The maximum number of characters.</param>
    /// <param name="left">The number of changes and findings that were left out.</param>
    public string? Part(int room, out (int Changes, int Findings) left)
    {
        var (low, high) = (0, _changes.Length + _findings.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Render(middle).Length <= room)
                low = middle;
            else
                high = middle - 1;
        }

        left = LeftAfter(low);
        return low == 0 ? null : Render(low);
    }

    private (int Changes, int Findings) LeftAfter(int shown) =>
        (Math.Max(0, _changes.Length - shown), _findings.Length - Math.Max(0, shown - _changes.Length));

    private string Render(int shown)
    {
        var (changes, findings) = LeftAfter(shown);
        string[] rest =
            changes + findings == 0
                ? []
                :
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"# … {changes} changes and {findings} findings of this project are left out here"
                    ),
                ];
        var lines = _always.Concat(_changes.Concat(_findings).Take(shown)).Concat(rest);
        return $"<details{(IsHeld || IsFailed ? " open" : "")}>\n<summary>{Title()}</summary>\n\n"
            + $"{MarkdownFence.Diff(lines)}\n</details>\n";
    }

    // Inside a summary element no Markdown is read, so the text is HTML; in code nobody is mentioned.
    private string Title()
    {
        var project = _project.Project;
        var title = ProjectTitle.Of(project.Id, _project.Plan?.Live.Name, project.ProjectId);
        var name = title.VendorName is { } vendorName ? $" “{MarkdownFence.Code(vendorName)}”" : "";
        var id = title.Id is null ? "" : $" ({MarkdownFence.Code(title.Id)})";
        return $"{MarkdownFence.Code($"{project.Provider.Name}: {title.Name}")}{name}{id}: {State()}";
    }

    private string State()
    {
        if (_project.Plan is not { } plan)
            return "<b>failed</b>";
        var held = IsHeld ? $", <b>{HoldWords.OfAll(plan.Holds)}</b>: {Kinds(plan, plan.IsHeld)}" : "";
        var kinds = plan.Actions.IsEmpty ? "no changes" : Kinds(plan, a => !plan.IsHeld(a));
        return $"{kinds}{held}{(_project.Project.DryRun ? ", dry run" : "")}";
    }

    private static string Kinds(ProjectPlan plan, Func<PlannedAction, bool> counts) =>
        PlanSentences.Kinds(k => plan.Actions.Count(a => a.Kind == k && counts(a)), Plain);

    private static IEnumerable<string> Always(PlannedProject project)
    {
        if (project.Failure is { } failure)
            yield return $"! failed: {TerminalText.Escape(failure.Message)}";
        if (project.Plan is not { } plan)
            yield break;
        foreach (var text in plan.LimitChange.Texts)
            yield return $"! limit loosened: {TerminalText.Escape(text)}";
        foreach (var hold in plan.Holds)
            yield return plan.Release is null
                ? $"! {HoldWords.Of(hold)}: {TerminalText.Escape(hold.Message)}"
                : $"# would be {HoldWords.Of(hold)}: {TerminalText.Escape(hold.Message)}";
        if (plan.Release is { } release)
            yield return $"# released once by {TerminalText.Escape(release.By)}";
        else if (!plan.Holds.IsEmpty)
            yield return $"# let it pass once with: reconciler apply … --approve {plan.HeldDigest}";
        if (project.Project.DryRun && !plan.Actions.IsEmpty)
            yield return "# dryRun: true, so nothing of this is applied";
    }

    private static string Change(PlannedAction action)
    {
        var mark = action switch
        {
            { Phase: not Phase.Grant } => '-',
            { Kind: ActionKind.Invite } => '+',
            _ => '!',
        };
        var who = TextPlan.Line(action, Plain)[1..];
        return $"{MarkdownFence.Clip($"{mark}{who}{TextPlan.Grants(action, Plain)}")}\n"
            + $"{MarkdownFence.Clip($"#     {TextPlan.Why(action)}")}"
            + (TextPlan.TakenOut(action) is { } commit ? $"\n#     {commit}" : "");
    }
}
