namespace Reconciler.Manifests.Files;

/// <summary>Resolves all symbolic links in a path.</summary>
public static class RealPath
{
    // The limit of Linux.
    private const int MostLinks = 40;

    /// <summary>Returns the full path without links; null if it does not exist, or has a loop of links.</summary>
    /// <param name="path">A path.</param>
    public static string? Of(string path) => Walk(path, _ => { });

    /// <summary>
    /// Returns every place on the way of a path, both links and their targets, because a link can be changed where it
    /// is.
    /// </summary>
    /// <param name="path">A path.</param>
    internal static IReadOnlyCollection<string> Places(string path)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        Walk(path, place => places.Add(place));
        return places;
    }

    private static string? Walk(string path, Action<string> seen)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var left = new Stack<string>(Parts(full).Reverse());
        var links = 0;
        while (left.TryPop(out var part))
        {
            // As in the kernel, .. in a link's target goes up from the resolved path. If it were removed from the text,
            // it could hide a way out.
            var next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            seen(next);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
                return null;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var step in Parts(target).Reverse())
                left.Push(step);
        }

        return Path.Exists(real) ? real : null;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..]
            .Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => p != ".");
}
