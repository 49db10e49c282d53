using Reconciler.Manifests.Files;

namespace Reconciler.Manifests;

/// <summary>
/// Whether something of the runner lies where manifests are read. Those who may change manifests may change whatever
/// lies there, so limits, connections and secrets must lie elsewhere. Links and relative spellings are followed.
/// </summary>
public static class ReviewedPaths
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux()
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// The manifest path that a path of the runner lies below, or lies around; null where there is none.
    /// </summary>
    /// <param name="named">A file or folder that the runner names.</param>
    /// <param name="manifests">The files and folders with manifests.</param>
    /// <param name="folder">The folder that relative paths start from.</param>
    public static string? Clash(string named, IEnumerable<string> manifests, string folder)
    {
        var start = Path.GetFullPath(folder);
        var full = Path.GetFullPath(named, start);
        var places = RealPath.Places(full);
        var real = RealPath.Of(full) ?? full;
        return manifests.FirstOrDefault(m => IsReviewed(Path.GetFullPath(m, start)));

        bool IsReviewed(string manifest)
        {
            var there = RealPath.Of(manifest) ?? manifest;
            return IsBelow(full, manifest) || places.Any(p => IsBelow(p, there)) || IsBelow(there, real);
        }
    }

    private static bool IsBelow(string path, string folder)
    {
        var whole = Path.TrimEndingDirectorySeparator(folder);
        return path.Equals(whole, Comparison)
            || path.StartsWith(
                Path.EndsInDirectorySeparator(whole) ? whole : whole + Path.DirectorySeparatorChar,
                Comparison
            );
    }
}
