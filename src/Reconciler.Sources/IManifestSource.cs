using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>A place of manifests that changes: it is asked again and again for what stands there now.</summary>
public interface IManifestSource
{
    /// <summary>Where it is, for people and for <see cref="ReadScope"/>: no credentials.</summary>
    string Origin { get; }

    /// <summary>
    /// The newest revision, with its files on disk. They stay as they are until the next call; a call that fails leaves
    /// those of the last revision. Never called twice at one time.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="SourceException">It cannot be had: not reachable, refused, too large, not signed.</exception>
    Task<SourceRevision> FetchAsync(CancellationToken cancellation);
}

/// <summary>One revision of the manifests, on disk.</summary>
/// <param name="Id">
/// What names it: a commit's full hash, or a hash over a folder's files. Equal ids mean equal files.
/// </param>
/// <param name="Folder">
/// The folder that problems are shown relative to: a checkout's root, or the root of a copy of the folder.
/// </param>
/// <param name="Paths">The files and folders of it to read, relative to <paramref name="Folder"/>.</param>
public sealed record SourceRevision(string Id, string Folder, IReadOnlyList<string> Paths)
{
    /// <summary>The id as people write it: twelve characters.</summary>
    public string ShortId => Id.Length > 12 ? Id[..12] : Id;

    /// <summary>When the revision was made; null where nobody knows.</summary>
    internal DateTimeOffset? At { get; init; }

    /// <summary>Who signed it, where signatures are checked; else empty.</summary>
    public string Signer { get; init; } = "";
}
