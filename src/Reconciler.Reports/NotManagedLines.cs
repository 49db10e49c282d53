using System.Globalization;
using Reconciler.Core.Planning;
using Reconciler.Core.Text;
using Reconciler.Engine.Planning;

namespace Reconciler.Reports;

/// <summary>Renders who is in the projects and not managed, and why; each person once.</summary>
internal static class NotManagedLines
{
    private const int Most = 3;

    /// <summary>Renders a line for each person who is shown, and one for the others.</summary>
    public static IEnumerable<string> Of(RunPlan plan, bool verbose, Palette palette)
    {
        var people = plan
            .Plans.SelectMany(p => p.NotManaged)
            .GroupBy(n => n.Key, StringComparer.Ordinal)
            .OrderByDescending(Strongest)
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .ToList();
        var shown = verbose ? people.Count : Most;
        foreach (var person in people.Take(shown))
            yield return $"{TerminalText.Escape(person.First().Label)} is {What(person)}{Projects(person.Count())}";
        if (people.Count > shown)
            yield return palette.Quiet(
                string.Create(CultureInfo.InvariantCulture, $"{people.Count - shown} more, shown with -v")
            );
    }

    /// <summary>Counts the people by reason, such as "2 ignored, 1 machine account".</summary>
    public static string Counts(RunPlan plan) =>
        string.Join(
            ", ",
            plan.Plans.SelectMany(p => p.NotManaged)
                .GroupBy(n => n.Key, StringComparer.Ordinal)
                .GroupBy(Strongest)
                .OrderByDescending(g => g.Key)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key, g.Count())}"))
        );

    // Somebody may be protected in one project and a vendor's Owner in another; they count once.
    private static NotManagedReason Strongest(IEnumerable<NotManaged> person) => person.Max(n => n.Reason);

    private static string What(IEnumerable<NotManaged> person) =>
        string.Join(" and ", person.Select(n => n.Reason).Distinct().OrderDescending().Select(NotManaged.WhatOf));

    private static string Word(NotManagedReason reason, int count) =>
        reason switch
        {
            NotManagedReason.Inherited => "by a group or a parent project alone",
            NotManagedReason.Ignored => "on an ignore list",
            NotManagedReason.Machine => count == 1 ? "machine account" : "machine accounts",
            NotManagedReason.VendorOwner => count == 1 ? "vendor's Owner" : "vendors' Owners",
            NotManagedReason.Actor => "that Reconciler acts as",
            _ => "protected by a Guardrail",
        };

    private static string Projects(int count) =>
        count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({count} projects)");
}
