using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Shows the progress of reading.</summary>
/// <param name="error">The error output.</param>
/// <param name="isTerminal">Whether it is a terminal, where a line can be overwritten.</param>
/// <param name="total">The number of projects.</param>
/// <param name="clock">The clock.</param>
public sealed class ReadingProgress(TextWriter error, bool isTerminal, int total, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly ProgressLine _line = new(error, isTerminal, total, clock);

    /// <summary>
    /// Receives a line for each project, instead of the progress line; null to show the progress line.
    /// </summary>
    public Action<string>? Log { get; init; }

    /// <summary>Counts a project that was read, or failed; called from any thread.</summary>
    public void Read(PlannedProject project) =>
        Read($"{project.Project.Provider.Name}: {TextNames.Short(project.Project.Id)}", () => Found(project));

    /// <summary>Counts a project that was read, or failed; called from any thread.</summary>
    /// <param name="name">The name of the project.</param>
    /// <param name="found">Describes the result, for the log.</param>
    public void Read(string name, Func<string> found)
    {
        lock (_lock)
        {
            _line.Count();
            var text = _line.Text("reading", "projects");
            if (Log is null)
                _line.Show(text, name);
            else
                Log($"{text}: {name}: {found()}");
        }
    }

    /// <summary>Clears the progress line of a terminal, so that something else can be printed.</summary>
    public void Clear() => _line.Clear();

    /// <summary>Describes in a few words what a project contains.</summary>
    public static string Found(LiveProject live) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{TextNames.Count(live.Members.Length, "member", "members")}, {live.Invitations.Length} invited"
        );

    private static string Found(PlannedProject project) =>
        project switch
        {
            { Failure: { } failure } => $"not read: {failure.Message}",
            { Plan: { } plan } => $"{Found(plan.Live)}, {TextNames.Count(plan.Actions.Length, "change", "changes")}",
            _ => "suspended, so not read",
        };
}
