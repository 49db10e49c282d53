using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;
using Reconciler.Sources;
using Reconciler.Sources.Git;

namespace Reconciler.Worker;

/// <summary>
/// Tells the audit trail where the revision in force came from. A worker fetches one commit without its history, and a
/// followed folder has none, so it cannot tell who wrote a line.
/// </summary>
/// <param name="origin">The source.</param>
/// <param name="isGit">Whether it is a git repository.</param>
/// <param name="revision">The revision in force; null before there is one.</param>
internal sealed class RevisionHistory(string origin, bool isGit, SourceRevision? revision) : IDeclarationHistory
{
    /// <inheritdoc/>
    public Task<ManifestOrigin> OriginAsync(CancellationToken cancellation) =>
        Task.FromResult(new ManifestOrigin(origin, revision?.Id ?? "", revision?.Signer ?? ""));

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Position, LineOrigin>> LinesAsync(
        IReadOnlyCollection<Position> lines,
        CancellationToken cancellation
    )
    {
        var unknown = new LineOrigin("", isGit ? CheckoutHistory.Shallow : CheckoutHistory.NoHistory);
        return Task.FromResult<IReadOnlyDictionary<Position, LineOrigin>>(
            lines.Distinct().ToDictionary(l => l, _ => unknown)
        );
    }
}
