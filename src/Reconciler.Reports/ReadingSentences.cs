using System.Globalization;

namespace Reconciler.Reports;

/// <summary>
/// Describes what is known after reading, with the same words in every command and format. Projects that were not read
/// are never included.
/// </summary>
internal static class ReadingSentences
{
    /// <summary>
    /// Describes that nothing is known; null where something was read, or where there is nothing to read.
    /// </summary>
    /// <param name="projects">The number of projects.</param>
    /// <param name="failed">The number that could not be read.</param>
    /// <param name="suspended">The number that is suspended.</param>
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
    /// Names the projects that were read: <c>3 projects</c>, or <c>the 3 of 5 projects that could be read</c>.
    /// </summary>
    /// <param name="projects">The number of projects.</param>
    /// <param name="read">The number that was read.</param>
    /// <param name="failed">The number that could not be read.</param>
    public static string Known(int projects, int read, int failed) =>
        failed == 0
            ? PlanSentences.Projects(read)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the {read} of {PlanSentences.Projects(projects)} that could be read"
            );

    /// <summary>
    /// Names some of the projects that were read: <c>1 of 3 projects</c>, or <c>1 of 3 projects that could be read</c>.
    /// </summary>
    /// <param name="some">The number of these projects.</param>
    /// <param name="read">The number that was read.</param>
    /// <param name="failed">The number that could not be read.</param>
    public static string Of(int some, int read, int failed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{some} of {PlanSentences.Projects(read)}{(failed == 0 ? "" : " that could be read")}"
        );

    /// <summary>Describes how many projects could not be read.</summary>
    /// <param name="failed">The number that could not be read.</param>
    public static string NotRead(int failed) =>
        $"{PlanSentences.Projects(failed)} could not be read; nothing is known of {(failed == 1 ? "it" : "them")}.";

    private static string Are(int count) => count == 1 ? "is" : "are";
}
