using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>Implemented by sources that store the last applied revision for the next process.</summary>
public interface ILastGood
{
    /// <summary>
    /// Returns the last kept revision, with its files; null if there is none, or its files were changed. Never called
    /// while <see cref="IManifestSource.FetchAsync"/> runs.
    /// </summary>
    /// <param name="cancellation">Cancels the work.</param>
    /// <exception cref="SourceException">The folder of the source cannot be used.</exception>
    Task<SourceRevision?> LastGoodAsync(CancellationToken cancellation);

    /// <summary>
    /// Keeps a revision that is now in use: its files are kept until another revision is. Never called while
    /// <see cref="IManifestSource.FetchAsync"/> runs. If it cannot be stored, the revision that was kept before stays
    /// kept.
    /// </summary>
    /// <param name="revision">The revision.</param>
    void Keep(SourceRevision revision);
}
