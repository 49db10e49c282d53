using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Core.Ports;

/// <summary>Which commit wrote a line.</summary>
/// <param name="Commit">The commit's full hash; empty where no history tells.</param>
/// <param name="Author">Its author as it claims, or why nobody knows.</param>
public sealed record LineOrigin(string Commit, string Author);

/// <summary>Where a run's manifests came from.</summary>
/// <param name="Repository">The repository or folder, without credentials.</param>
/// <param name="Revision">The revision; empty where there is none.</param>
/// <param name="Signer">Who signed the revision, where signatures are checked; else empty.</param>
public sealed record ManifestOrigin(string Repository, string Revision, string Signer);

/// <summary>
/// Tells where manifests came from and who wrote their lines. It is asked only when something is written down, and it
/// never fails: what it cannot tell it says in words.
/// </summary>
public interface IDeclarationHistory
{
    /// <summary>Where the manifests came from.</summary>
    /// <param name="cancellation">Ends the search.</param>
    Task<ManifestOrigin> OriginAsync(CancellationToken cancellation);

    /// <summary>Who wrote lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="cancellation">Ends the search.</param>
    Task<IReadOnlyDictionary<Position, LineOrigin>> LinesAsync(
        IReadOnlyCollection<Position> lines,
        CancellationToken cancellation
    );
}
