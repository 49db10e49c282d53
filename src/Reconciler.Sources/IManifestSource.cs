using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>A source of manifests that change, polled for its newest revision.</summary>
public interface IManifestSource
{
    /// <summary>The address of the source, for people and for <see cref="ReadScope"/>, without credentials.</summary>
    string Origin { get; }

    /// <summary>
    /// Fetches the newest revision and writes its files to disk. The files are kept until the next call; a call that
    /// fails keeps those of the last revision. Never called twice at the same time.
    /// </summary>
    /// <param name="cancellation">Cancels the fetch.</param>
    /// <exception cref="SourceException">
    /// It cannot be fetched: not reachable, refused, too large, not signed.
    /// </exception>
    Task<SourceRevision> FetchAsync(CancellationToken cancellation);
}

/// <summary>One revision of the manifests, on disk.</summary>
/// <param name="Id">The id: a commit's full hash, or a hash over a folder's files. Equal ids mean equal files.</param>
/// <param name="Folder">
/// The base folder of paths in problems: the root of a checkout, or of a copy of the folder.
/// </param>
/// <param name="Paths">The files and folders of it to read, relative to <paramref name="Folder"/>.</param>
public sealed record SourceRevision(string Id, string Folder, IReadOnlyList<string> Paths)
{
    /// <summary>The first twelve characters of the id, for people.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;

    /// <summary>When the revision was made; null if it is not known.</summary>
    internal DateTimeOffset? At { get; init; }

    /// <summary>Who signed it; empty if signatures are not checked.</summary>
    public string Signer { get; init; } = "";
}
