using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>A source that remembers, beyond the end of the process, which revision was in force.</summary>
public interface ILastGood
{
    /// <summary>
    /// The revision that was kept last, with its files; null where there is none, or where its files are not as they
    /// were. Never called while <see cref="IManifestSource.FetchAsync"/> runs.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SourceException">The folder of the source cannot be used.</exception>
    Task<SourceRevision?> LastGoodAsync(CancellationToken cancellation);

    /// <summary>
    /// A revision that this source gave has come into force: its files stay until another is kept. Never called while
    /// <see cref="IManifestSource.FetchAsync"/> runs. Where it cannot be written down, the one that was kept before
    /// stays kept.
    /// </summary>
    /// <param name="revision">The revision.</param>
    void Keep(SourceRevision revision);
}
