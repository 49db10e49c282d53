using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Ports;

/// <summary>The commit that wrote a line.</summary>
/// <param name="Commit">The commit's full hash; empty without a git history.</param>
/// <param name="Author">The author as the commit claims, or why it is not known.</param>
public sealed record LineOrigin(string Commit, string Author);

/// <summary>Where a run's manifests came from.</summary>
/// <param name="Repository">The repository or folder, without credentials.</param>
/// <param name="Revision">The revision; empty if there is none.</param>
/// <param name="Signer">Who signed the revision, where signatures are checked; else empty.</param>
public sealed record ManifestOrigin(string Repository, string Revision, string Signer);

/// <summary>
/// Finds out where manifests came from and who wrote their lines. Used only when an audit entry is written. It never
/// fails: what is not known is said in words.
/// </summary>
public interface IDeclarationHistory
{
    /// <summary>Returns where the manifests came from.</summary>
    /// <param name="cancellation">Ends the search.</param>
    Task<ManifestOrigin> OriginAsync(CancellationToken cancellation);

    /// <summary>Returns who wrote each of some lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="cancellation">Ends the search.</param>
    Task<IReadOnlyDictionary<Position, LineOrigin>> LinesAsync(
        IReadOnlyCollection<Position> lines,
        CancellationToken cancellation
    );
}
