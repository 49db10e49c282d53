using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>
/// Workflow commands, which GitHub shows at the lines of a pull request:
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
/// </summary>
public static class GitHubCommands
{
    /// <summary>Creates a command for each problem.</summary>
    internal static IEnumerable<string> Of(IEnumerable<Problem> problems) =>
        problems.Select(p =>
            Command(
                p.Severity == Severity.Error ? "error" : "warning",
                "",
                p.Position,
                p.Field.Length == 0 ? p.Message : $"{p.Field}: {p.Message}"
            )
        );

    /// <summary>
    /// Creates a command for each project that could not be read or is held, at its document. A hold that an approval
    /// releases is a notice and no warning.
    /// </summary>
    public static IEnumerable<string> Of(RunPlan plan) => plan.Projects.SelectMany(Of);

    /// <summary>Creates a command for each action that failed.</summary>
    public static IEnumerable<string> Of(RunResult result) =>
        result.Projects.SelectMany(p =>
            p.Outcomes.Where(o => o.Kind == OutcomeKind.Failed)
                .Select(o =>
                    Command(
                        "error",
                        $"{Name(p.Plan.Project)}: {o.Action.Kind.ToString().ToLowerInvariant()} failed",
                        p.Plan.Project.Declared,
                        $"{o.Action.Email}: {o.Message}"
                    )
                )
        );

    /// <summary>
    /// Escapes text for a job's log, since GitHub still reads the old form of a command in the middle of a line.
    /// </summary>
    public static string Log(string text) => text.Replace("##[", "##\\[", StringComparison.Ordinal);

    private static IEnumerable<string> Of(PlannedProject project)
    {
        var name = Name(project.Project);
        if (project.Failure is { } failure)
            yield return Command("error", $"{name}: not read", project.Project.Declared, failure.Message);
        foreach (var text in project.Plan?.LimitChange.Texts ?? [])
        {
            yield return Command("warning", $"{name}: limit loosened", project.Project.Declared, text);
        }

        foreach (var hold in project.Plan?.Holds ?? [])
        {
            yield return project.Plan!.Release is { } release
                ? Command(
                    "notice",
                    $"{name}: released once",
                    project.Project.Declared,
                    $"would be {HoldWords.Of(hold)}: {hold.Message} (released by {release.By})"
                )
                : Command(
                    "warning",
                    $"{name}: {HoldWords.Of(hold)}",
                    project.Project.Declared,
                    $"{hold.Message} ({project.Plan.HeldDigest})"
                );
        }
    }

    private static string Name(Reconciler.Core.Membership.DesiredProject project) =>
        $"{project.Provider.Name}: {TextNames.Short(project.Id)}";

    private static string Command(string command, string title, Position at, string message)
    {
        // The path of a problem with an option is the name of the option.
        var isFile = at != Position.None && !at.Path.StartsWith("--", StringComparison.Ordinal);
        var text = isFile || at == Position.None ? message : $"{at.Path}: {message}";
        string[] properties =
        [
            .. File(at, isFile),
            .. title.Length == 0 ? Array.Empty<string>() : [$"title={Property(title)}"],
        ];
        return $"::{command}{(properties.Length == 0 ? "" : " ")}{string.Join(',', properties)}::{Data(text)}";
    }

    private static string[] File(Position at, bool isFile) =>
        !isFile ? []
        : at.Line == 0 ? [$"file={Property(at.Path)}"]
        :
        [
            $"file={Property(at.Path)}",
            FormattableString.Invariant($"line={at.Line}"),
            FormattableString.Invariant($"col={at.Column}"),
        ];

    private static string Data(string text) => TerminalText.Escape(text).Replace("%", "%25", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
