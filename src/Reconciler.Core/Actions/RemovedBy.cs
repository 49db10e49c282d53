namespace Reconciler.Core.Actions;

/// <summary>The commit that took a person's entry out of the manifests. Its texts come from other people.</summary>
/// <param name="Commit">The commit's full hash.</param>
/// <param name="Author">The author's name, as the commit claims; empty if it is not shown.</param>
/// <param name="Subject">The first line of the commit's message; empty if it is not shown.</param>
public sealed record RemovedBy(string Commit, string Author, string Subject)
{
    private const int ShortLength = 10;

    /// <summary>The beginning of the hash, for people.</summary>
    public string ShortCommit => Commit[..Math.Min(ShortLength, Commit.Length)];
}
