using System.Text.RegularExpressions;

namespace Reconciler.Reports.Markdown;

/// <summary>A line of a plan in Markdown that says what is to be done, held or not read.</summary>
/// <param name="Project">The provider and name of the project.</param>
/// <param name="Text">The line, such as <c>+ invite  ana@example.com  [CAN_VIEW_DATA]</c>.</param>
public sealed partial record PlanLine(string Project, string Text)
{
    /// <summary>
    /// What two plans have in common. The number of a masked person is left out, since it depends on who else is in the
    /// plan.
    /// </summary>
    internal string Key => $"{Project}\n{Number().Replace(Text, "${mask}")}";

    [GeneratedRegex(@"(?<mask>\(at\)[^\s#]*)#\d+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
