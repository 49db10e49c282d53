using System.Text.RegularExpressions;

namespace Reconciler.Testing.OpenApi;

/// <summary>Where a sandbox differs from a vendor's document on purpose.</summary>
/// <param name="Pattern">The problems that it explains, as a regular expression.</param>
/// <param name="Reason">Why the document is not followed, or why it cannot be.</param>
public sealed record Deviation(string Pattern, string Reason)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Every problem must be explained, and every explanation needed.</summary>
    public static void AssertExplain(IEnumerable<string> problems, params Deviation[] deviations)
    {
        var left = problems.Distinct().ToList();
        foreach (var deviation in deviations)
            Assert.True(
                left.RemoveAll(deviation.Explains) > 0,
                $"no problem needs the deviation '{deviation.Pattern}' ({deviation.Reason})"
            );
        Assert.Empty(left);
    }

    public bool Explains(string problem) => Regex.IsMatch(problem, Pattern, RegexOptions.ExplicitCapture, Timeout);
}
