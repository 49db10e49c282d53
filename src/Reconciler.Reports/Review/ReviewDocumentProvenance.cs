using Reconciler.Engine.Reviews;

namespace Reconciler.Reports.Review;

/// <summary>Where a review comes from.</summary>
/// <param name="Repository">
/// The repository of the manifests, without credentials; null without a git history, since a path of this machine tells
/// nobody else anything.
/// </param>
/// <param name="Commit">
/// Their commit, with <c>+changes</c> where files differ from it; null without a git history.
/// </param>
/// <param name="Program">The program and its version.</param>
/// <param name="Actor">Who ran it.</param>
/// <param name="Host">Where.</param>
/// <param name="Run">The address of the CI run; null where there is none.</param>
/// <param name="Masked">Whether addresses are masked.</param>
/// <param name="Manifests">The manifests that were read.</param>
public sealed record ReviewDocumentProvenance(
    string? Repository,
    string? Commit,
    string Program,
    string Actor,
    string Host,
    string? Run,
    bool Masked,
    ReviewDocumentManifests Manifests
)
{
    internal static ReviewDocumentProvenance Of(ReviewProvenance p) =>
        new(
            p.Origin.Revision.Length > 0 ? Text(p.Origin.Repository) : null,
            Text(p.Origin.Revision),
            p.Origin.Program,
            p.Origin.Actor,
            p.Origin.Host,
            Text(p.Origin.Run),
            p.IsMasked,
            new(p.Digest, [.. p.Files.Select(f => new ReviewDocumentFile(f.Path, f.Digest))])
        );

    private static string? Text(string text) => text.Length == 0 ? null : text;
}

/// <summary>The manifests of a review.</summary>
/// <param name="Digest">One digest of all files with their names.</param>
/// <param name="Files">The files.</param>
public sealed record ReviewDocumentManifests(string Digest, IReadOnlyList<ReviewDocumentFile> Files);

/// <summary>A file of manifests.</summary>
/// <param name="Path">The file, as the command line reached it.</param>
/// <param name="Digest">The SHA-256 of its bytes.</param>
public sealed record ReviewDocumentFile(string Path, string Digest);
