using System.Collections.Immutable;
using System.Globalization;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Planning;

/// <summary>
/// Holds a plan once where other words count as administrator than in the last apply. Limits such as
/// <c>minAdmins</c> judge by these words, and a definition of the vendor that changes them would loosen the limits
/// without changing a manifest.
/// </summary>
public static class AdministratorChange
{
    private const int MostShown = 10;

    /// <summary>Returns the words that count as administrator, each with its field, in ordinal order.</summary>
    /// <param name="access">The vendor's language of access.</param>
    public static ImmutableArray<string> WordsOf(AccessVocabulary access) =>
        [
            .. access
                .Fields.SelectMany(f => f.Admin.Select(word => $"{f.Name}: {word}"))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Whether the words differ from those of the last apply. Before there was one that kept them, they do not.
    /// </summary>
    /// <param name="project">The project as declared.</param>
    /// <param name="ledger">The ledger of the project.</param>
    public static bool IsOne(DesiredProject project, ProjectLedger ledger) =>
        ledger.Applied?.Administrators is { IsDefault: false } before
        && !before.SequenceEqual(WordsOf(project.Provider.Vendor.Access), StringComparer.Ordinal);

    /// <summary>Returns the hold of a plan that does something while the words differ; else nothing.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ledger">The ledger of the project.</param>
    public static IEnumerable<Hold> Holds(ProjectPlan plan, ProjectLedger ledger)
    {
        if (plan.Actions.IsEmpty || !IsOne(plan.Project, ledger))
            yield break;
        var (before, now) = (ledger.Applied!.Administrators, WordsOf(plan.Project.Provider.Vendor.Access));
        yield return new(
            HoldScope.Plan,
            $"other words count as administrator at {plan.Project.Provider.Vendor.Name} than in the last apply: "
                + $"before {Shown(before)}; now {Shown(now)}. Limits judge by the new ones from this plan on"
        )
        {
            Limit = "administrators",
            Origin = LimitOrigin.Runner,
            ComparedWith = $"{string.Join('\n', before)}\n\n{string.Join('\n', now)}",
        };
    }

    private static string Shown(ImmutableArray<string> words) =>
        words.IsEmpty ? "none"
        : words.Length <= MostShown ? string.Join(", ", words)
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", words.Take(MostShown))} and {words.Length - MostShown} more"
        );
}
