using System.Collections.Immutable;
using Reconciler.Core.Planning;

namespace Reconciler.Reports;

/// <summary>Describes what a hold stops.</summary>
internal static class HoldWords
{
    /// <summary>Returns a short label, for the start of a line or for a badge.</summary>
    public static string Of(Hold hold) =>
        hold.Scope switch
        {
            HoldScope.Removals => "removals held",
            HoldScope.RemovalsAndMails => "removals and mails held",
            HoldScope.Invitations => "invitations held",
            _ => "held",
        };

    /// <summary>Returns the label of all that stops a plan.</summary>
    /// <param name="holds">The holds of the plan; at least one.</param>
    public static string OfAll(ImmutableArray<Hold> holds)
    {
        var widest = holds.MinBy(h => Narrowness(h.Scope))!;
        // Removals and invitations are apart from each other: neither label would cover both.
        var areApart = widest.Scope == HoldScope.Removals && holds.Any(h => h.Scope == HoldScope.Invitations);
        return areApart ? "held" : Of(widest);
    }

    private static int Narrowness(HoldScope scope) =>
        scope switch
        {
            HoldScope.Plan => 0,
            HoldScope.RemovalsAndMails => 1,
            HoldScope.Removals => 2,
            HoldScope.Invitations => 3,
            _ => 4,
        };
}
