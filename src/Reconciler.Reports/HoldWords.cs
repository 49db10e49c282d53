using Reconciler.Core.Planning;

namespace Reconciler.Reports;

/// <summary>What a hold stops, in words.</summary>
internal static class HoldWords
{
    /// <summary>For the front of a line or a badge.</summary>
    public static string Of(Hold hold) =>
        hold.Scope switch
        {
            HoldScope.Removals => "removals held",
            HoldScope.RemovalsAndMails => "removals and mails held",
            _ => "held",
        };
}
