namespace Reconciler.Sources;

/// <summary>Where a path leads once every link on the way is followed.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The full path without links; null where it leads nowhere, or round.</summary>
    /// <param name="path">A path.</param>
    public static string? Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var rest = Parts(full, real);
        var links = 0;
        while (rest.TryPop(out var part))
        {
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            // A target may pass through links itself, so that its parts are walked from its own root again.
            if (++links > MostLinks) return null;
            var led = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(led)!;
            foreach (var step in Parts(led, real).Reverse()) rest.Push(step);
        }

        return File.Exists(real) || Directory.Exists(real) ? real : null;
    }

    private static Stack<string> Parts(string full, string root) => new(full[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
}
