using System.Globalization;
using Reconciler.Core.Manifests;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints the problems of manifests, one on each line, as compilers do.</summary>
public static class ProblemReport
{
    private const int MostAlike = 5;
    private const string NothingPlanned = "nothing was planned";

    /// <summary>Prints one error that is about no line of a manifest.</summary>
    public static void WriteError(TextWriter output, Palette palette, string message) =>
        output.WriteLine($"{palette.Alarm("error:")} {TerminalText.Escape(message)}");

    /// <summary>Prints all errors, and a few of the warnings with the same message.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="sorted">The problems.</param>
    /// <param name="verbose">Whether all warnings are printed.</param>
    /// <param name="consequence">What came of the errors.</param>
    public static void Write(
        TextWriter output,
        Palette palette,
        IReadOnlyList<Problem> sorted,
        bool verbose,
        string consequence = NothingPlanned
    )
    {
        foreach (var error in sorted.Where(p => p.Severity == Severity.Error))
            WriteError(output, palette, error.ToString());
        foreach (
            var alike in sorted
                .Where(p => p.Severity == Severity.Warning)
                .GroupBy(p => p.Message, StringComparer.Ordinal)
        )
        {
            var shown = verbose ? int.MaxValue : MostAlike;
            foreach (var warning in alike.Take(shown))
                output.WriteLine($"{palette.Changed("warning:")} {TerminalText.Escape(warning.ToString())}");
            if (alike.Count() > shown)
                output.WriteLine(
                    palette.Quiet(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"warning: {alike.Count() - shown} more such warnings, shown with -v"
                        )
                    )
                );
        }

        var errors = sorted.Count(p => p.Severity == Severity.Error);
        if (errors > 0)
            output.WriteLine(palette.Strong(Summary(errors, consequence)));
    }

    /// <summary>Prints the problems for a GitHub job, which shows each at its line.</summary>
    public static void WriteCommands(TextWriter output, IReadOnlyList<Problem> sorted)
    {
        foreach (var line in GitHubCommands.Of(sorted))
            output.WriteLine(line);
        var errors = sorted.Count(p => p.Severity == Severity.Error);
        if (errors > 0)
            output.WriteLine(Summary(errors));
    }

    /// <summary>Describes the consequence of errors.</summary>
    internal static string Summary(int errors, string consequence = NothingPlanned) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{errors} {(errors == 1 ? "problem" : "problems")}; {consequence}."
        );
}
