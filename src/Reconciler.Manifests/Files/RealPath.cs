namespace Reconciler.Manifests.Files;

/// <summary>Where a path leads once every link on the way is followed.</summary>
public static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The full path without links; null where it leads nowhere, or round.</summary>
    /// <param name="path">A path.</param>
    public static string? Of(string path) => Walk(path, _ => { });

    /// <summary>
    /// Every place on the way of a path: a link on it, and what it leads to. A link can be changed where it lies.
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
            // Two dots inside a link's target go up from where the way has led so far, as in the kernel; taken off the
            // text, they could hide a way out.
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
