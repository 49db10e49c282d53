using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Renders the findings of a project: the most urgent few, and how many more there are.</summary>
internal static class FindingLines
{
    private const int Most = 3;

    // What somebody has to act on comes first, and what only takes time last.
    private static readonly ImmutableArray<FindingKind> ByUrgency =
    [
        FindingKind.Unclear,
        FindingKind.Manual,
        FindingKind.Refused,
        FindingKind.SecondAccount,
        FindingKind.AddressChanged,
        FindingKind.LoginTaken,
        FindingKind.OnTrust,
        FindingKind.Protected,
        FindingKind.Ignored,
        FindingKind.Declined,
        FindingKind.Expired,
        FindingKind.GaveUp,
        FindingKind.Vanished,
        FindingKind.Left,
        FindingKind.Expiring,
        FindingKind.Postponed,
        FindingKind.Unmanaged,
        FindingKind.Waiting,
    ];

    /// <summary>Renders a line for each finding that is shown, and one for the others.</summary>
    public static IEnumerable<string> Of(IEnumerable<Finding> findings, bool verbose, Palette palette)
    {
        var sorted = findings.OrderBy(f => ByUrgency.IndexOf(f.Kind)).ToList();
        var shown = verbose ? sorted.Count : Most;
        foreach (var finding in sorted.Take(shown))
            yield return $"{PlanSummary.Word(finding.Kind)}: {TerminalText.Escape(finding.Person)} "
                + TerminalText.Escape(finding.Message);
        if (sorted.Count > shown)
            yield return palette.Quiet(More([.. sorted.Skip(shown)]));
    }

    private static string More(List<Finding> left)
    {
        var kinds = left.GroupBy(f => f.Kind).ToList();
        var words =
            kinds.Count == 1
                ? PlanSummary.Word(kinds[0].Key)
                : string.Join(
                    ", ",
                    kinds.Select(g =>
                        string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {PlanSummary.Word(g.Key)}")
                    )
                );
        return string.Create(CultureInfo.InvariantCulture, $"{left.Count} more, shown with -v ({words})");
    }
}
