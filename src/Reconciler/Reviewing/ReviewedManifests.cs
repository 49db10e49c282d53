using Reconciler.Core.Manifests;
using Reconciler.Engine.Reviews;

namespace Reconciler.Reviewing;

/// <summary>Compares the manifests that a review read with those of today.</summary>
internal static class ReviewedManifests
{
    private const int MostShown = 20;

    /// <summary>What changed since the review, line by line; empty where they are the same.</summary>
    /// <param name="reviewed">The files of the review.</param>
    /// <param name="now">The files of today.</param>
    public static IReadOnlyList<string> Changes(
        IReadOnlyCollection<SourceFile> reviewed,
        IReadOnlyCollection<SourceFile> now
    )
    {
        if (ReviewProvenance.DigestOf(reviewed) == ReviewProvenance.DigestOf(now))
            return [];
        if (Digests(reviewed).SequenceEqual(Digests(now)))
            return
            [
                $"the review read them as {First(reviewed)}, and they are read as {First(now)} here: run it from the "
                    + "same folder, with the same paths",
            ];
        var before = reviewed.ToDictionary(f => f.Path, f => f.Digest, StringComparer.Ordinal);
        var changes = new List<string>();
        foreach (var file in now)
        {
            if (!before.Remove(file.Path, out var digest))
                changes.Add($"{file.Path}: is new");
            else if (digest != file.Digest)
                changes.Add($"{file.Path}: has changed");
        }

        changes.AddRange(before.Keys.Select(p => $"{p}: is gone, or was not read here"));
        changes.Sort(StringComparer.Ordinal);
        return changes.Count <= MostShown
            ? changes
            : [.. changes.Take(MostShown), $"{changes.Count - MostShown} more files differ"];
    }

    private static IEnumerable<string> Digests(IEnumerable<SourceFile> files) =>
        files.Select(f => f.Digest).Order(StringComparer.Ordinal);

    private static string First(IEnumerable<SourceFile> files) =>
        files.Select(f => f.Path).Order(StringComparer.Ordinal).FirstOrDefault("nothing");
}
