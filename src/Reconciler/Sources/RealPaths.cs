namespace Reconciler.Sources;

/// <summary>Where a path leads once every link in it is followed.</summary>
internal static class RealPaths
{
    private const int MostLinks = 40;

    /// <summary>The path without links; a part that does not exist is kept as it is.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var real = Path.GetPathRoot(path)!;
        var links = 0;
        while (left.TryPop(out var part))
        {
            var next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) throw new IOException($"too many links in {path}");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var piece in Parts(target).Reverse()) left.Push(piece);
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.GetPathRoot(path)?.Length ?? 0)..].Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
