using System.Globalization;

namespace Reconciler.Reports;

/// <summary>
/// What is known after reading, in the same words for every verb and format: nothing is said of projects that were not
/// read.
/// </summary>
internal static class ReadingSentences
{
    /// <summary>Says that nothing is known; null where something was read, or there is nothing to read.</summary>
    /// <param name="projects">How many projects there are.</param>
    /// <param name="failed">How many could not be read.</param>
    /// <param name="suspended">How many are suspended.</param>
    public static string? NothingKnown(int projects, int failed, int suspended)
    {
        if (projects == 0 || failed + suspended < projects)
            return null;
        var of = string.Create(CultureInfo.InvariantCulture, $"of {PlanSentences.Projects(projects)}");
        if (failed == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{suspended} {of} {Are(suspended)} suspended");
        var rest =
            suspended == 0
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {suspended} {Are(suspended)} suspended");
        return string.Create(CultureInfo.InvariantCulture, $"{failed} {of} could not be read{rest}");
    }

    /// <summary>
    /// The projects of which something is known: <c>3 projects</c>, or <c>the 3 of 5 projects that could be read</c>.
    /// </summary>
    /// <param name="projects">How many projects there are.</param>
    /// <param name="read">How many were read.</param>
    /// <param name="failed">How many could not be read.</param>
    public static string Known(int projects, int read, int failed) =>
        failed == 0
            ? PlanSentences.Projects(read)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the {read} of {PlanSentences.Projects(projects)} that could be read"
            );

    /// <summary>
    /// How many of the projects of which something is known: <c>1 of 3 projects</c>, or <c>1 of 3 projects that could
    /// be read</c>.
    /// </summary>
    /// <param name="some">How many.</param>
    /// <param name="read">How many were read.</param>
    /// <param name="failed">How many could not be read.</param>
    public static string Of(int some, int read, int failed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{some} of {PlanSentences.Projects(read)}{(failed == 0 ? "" : " that could be read")}"
        );

    /// <summary>Says of how many projects nothing is known.</summary>
    /// <param name="failed">How many could not be read.</param>
    public static string NotRead(int failed) =>
        $"{PlanSentences.Projects(failed)} could not be read; nothing is known of {(failed == 1 ? "it" : "them")}.";

    private static string Are(int count) => count == 1 ? "is" : "are";
}
