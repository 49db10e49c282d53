namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>What Confident AI's documents leave open, as switches. All are off by default.</summary>
public static class ConfidentQuirks
{
    /// <summary>
    /// The answer to new invitations also holds the latest ones of the addresses that were skipped, as they are, with
    /// the role they had before. The document says that they are skipped, not whether they are left out.
    /// </summary>
    public const string EchoSkipped = "echoSkipped";

    /// <summary>A declined invitation still counts as "already invited": that address is skipped.</summary>
    public const string DeclinedBlocks = "declinedBlocks";

    /// <summary>
    /// The Free plan outside of its trial: nobody can be invited. The status is not documented; here it is 403.
    /// </summary>
    public const string FreePlan = "freePlan";

    /// <summary>
    /// Members are listed from the newest on, so that an insertion between two pages shifts the second one.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    internal static readonly IReadOnlyList<string> All = [EchoSkipped, DeclinedBlocks, FreePlan, NewestFirst];
}
