using System.Collections.Immutable;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;

namespace Reconciler.Engine.Reviews;

/// <summary>Where a review comes from: who made it, with which program, from which manifests.</summary>
/// <param name="Origin">Who ran it and where; the repository and commit of the manifests, where they have one.</param>
/// <param name="Files">The files of manifests that were read, in order.</param>
public sealed record ReviewProvenance(AuditOrigin Origin, ImmutableArray<SourceFile> Files)
{
    /// <summary>
    /// Whether addresses are masked. A masked review cannot be searched by address, nor can its decisions be applied.
    /// </summary>
    public bool IsMasked { get; init; }

    /// <summary>One digest of all files with their names, as they were before anything was masked.</summary>
    public string Digest { get; } = DigestOf(Files);

    /// <summary>The digest of files with their names.</summary>
    /// <param name="files">The files, in any order.</param>
    public static string DigestOf(IEnumerable<SourceFile> files) =>
        AuditChain.HashOf(
            files.OrderBy(f => f.Path, StringComparer.Ordinal).SelectMany(f => new[] { f.Path, f.Digest })
        );
}
