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
            _ => "held",
        };
}
