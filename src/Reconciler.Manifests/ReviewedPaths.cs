using Reconciler.Manifests.Files;

namespace Reconciler.Manifests;

/// <summary>
/// Checks whether the runner's own files are among the manifests. People who may change manifests may change everything
/// there, so limits, connections and secrets must be elsewhere. Links and relative spellings are followed.
/// </summary>
public static class ReviewedPaths
{
    private static readonly StringComparison Comparison = OperatingSystem.IsLinux()
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// Returns the manifest path that contains a path of the runner, or is contained in it; null if there is none.
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
