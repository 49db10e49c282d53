using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Shows how far reading has come.</summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a line can be written over there.</param>
/// <param name="total">How many projects there are.</param>
/// <param name="clock">Measures.</param>
public sealed class ReadingProgress(TextWriter error, bool isTerminal, int total, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly ProgressLine _line = new(error, isTerminal, total, clock);

    /// <summary>Takes a line for each project, instead of what is shown; null where nobody asked for that.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>A project is over; called from any thread.</summary>
    public void Read(PlannedProject project) =>
        Read($"{project.Project.Provider.Name}: {TextNames.Short(project.Project.Id)}", () => Found(project));

    /// <summary>A project is over; called from any thread.</summary>
    /// <param name="name">Which.</param>
    /// <param name="found">What came of it, for the log.</param>
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

    /// <summary>What a project holds, in a few words.</summary>
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
