using System.Globalization;
using Reconciler.Core.Manifests;

namespace Reconciler.Reports;

/// <summary>Prints the problems of manifests, one a line, as compilers do.</summary>
internal static class ProblemReport
{
    private const int MostAlike = 5;

    /// <summary>Prints all errors, and of warnings that say the same a few.</summary>
    public static void Write(TextWriter output, Palette palette, Problems problems, bool verbose)
    {
        var sorted = problems.Sorted;
        foreach (var error in sorted.Where(p => p.Severity == Severity.Error)) output.WriteLine($"{palette.Alarm("error:")} {TerminalText.Escape(error.ToString())}");
        foreach (var alike in sorted.Where(p => p.Severity == Severity.Warning).GroupBy(p => p.Message, StringComparer.Ordinal))
        {
            var shown = verbose ? int.MaxValue : MostAlike;
            foreach (var warning in alike.Take(shown)) output.WriteLine($"{palette.Changed("warning:")} {TerminalText.Escape(warning.ToString())}");
            if (alike.Count() > shown) output.WriteLine(palette.Quiet(string.Create(CultureInfo.InvariantCulture, $"warning: {alike.Count() - shown} more such warnings, shown with -v")));
        }

        var errors = sorted.Count(p => p.Severity == Severity.Error);
        if (errors > 0) output.WriteLine(palette.Strong(string.Create(CultureInfo.InvariantCulture, $"{errors} {(errors == 1 ? "problem" : "problems")}; nothing was planned.")));
    }
}
