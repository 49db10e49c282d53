namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>Switches for what Confident AI's documents leave open. All are off by default.</summary>
public static class ConfidentQuirks
{
    /// <summary>
    /// The answer to new invitations also contains the latest invitations of skipped addresses, with their previous
    /// role. The document says that they are skipped, but not whether the answer contains them.
    /// </summary>
    public const string EchoSkipped = "echoSkipped";

    /// <summary>A declined invitation still counts as "already invited": that address is skipped.</summary>
    public const string DeclinedBlocks = "declinedBlocks";

    /// <summary>
    /// The Free plan after its trial: nobody can be invited. The status is not documented; here it is 403.
    /// </summary>
    public const string FreePlan = "freePlan";

    /// <summary>
    /// Members are listed from the newest on, so that an insertion between two pages shifts the second page.
    /// </summary>
    public const string NewestFirst = "newestFirst";

    internal static readonly IReadOnlyList<string> All = [EchoSkipped, DeclinedBlocks, FreePlan, NewestFirst];
}
