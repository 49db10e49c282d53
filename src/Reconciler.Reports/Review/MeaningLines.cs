using System.Globalization;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>Renders what roles and groups permit, each meaning once for all projects that share it.</summary>
internal static class MeaningLines
{
    private const int Most = 30;

    /// <summary>Returns a heading and a line for each meaning; nothing where no vendor tells.</summary>
    public static IEnumerable<string> Of(AccessReview review)
    {
        var meanings = review
            .Projects.SelectMany(p => p.Meanings.Select(m => (p.ProviderName, m.Word, Text: m.ToString())))
            .GroupBy(m => m)
            .OrderBy(g => g.Key.ProviderName, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Word, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Text, StringComparer.Ordinal)
            .ToList();
        if (meanings.Count == 0)
            yield break;
        yield return "What roles and groups permit, as the vendors say:";
        foreach (var group in meanings.Take(Most))
        {
            var (provider, word, text) = group.Key;
            var projects =
                group.Count() == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({group.Count()} projects)");
            yield return $"  {provider}: {word}: {text}{projects}";
        }

        if (meanings.Count > Most)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  {meanings.Count - Most} more, in --format json"
            );
        yield return "";
    }
}
