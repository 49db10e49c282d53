using Microsoft.Extensions.FileSystemGlobbing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;

namespace Reconciler.Sources;

/// <summary>
/// Finds manifest files below the given files and folders: <c>*.yaml</c> and <c>*.yml</c>, recursively, without dot folders, without what
/// <c>.reconcilerignore</c> and --exclude name. A symbolic link that leads out of its root is refused.
/// </summary>
internal sealed class ManifestFiles(IReadOnlyList<string> exclude, Problems problems)
{
    private const string IgnoreFile = ".reconcilerignore";

    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);

    /// <summary>The files, ordered by name.</summary>
    /// <param name="paths">Files and folders as the user named them.</param>
    public IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (File.Exists(path)) _found.TryAdd(Path.GetFullPath(path), path);
            else if (Directory.Exists(path)) Search(path);
            else problems.Error(new Position(path, 0, 0), "does not exist; expected a file or a folder with manifests");
        }

        return [.. _found.Values];
    }

    private void Search(string root)
    {
        var ignore = new Matcher(StringComparison.Ordinal);
        foreach (var pattern in exclude.Concat(Ignored(root)).SelectMany(Globs)) ignore.AddInclude(pattern);
        var realRoot = RealPath(Path.GetFullPath(root));
        Walk(root, root, realRoot, ignore);
    }

    private void Walk(string root, string folder, string realRoot, Matcher ignore)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(entry);
            var isFolder = Directory.Exists(entry);
            var isManifest = !isFolder && Path.GetExtension(name) is ".yaml" or ".yml";
            if (name.StartsWith('.') || (!isFolder && !isManifest)) continue;
            if (ignore.Match(Path.GetRelativePath(root, entry).Replace('\\', '/')).HasMatches) continue;
            if (IsOutside(entry, realRoot)) problems.Error(new Position(Show(entry), 0, 0), $"is a symbolic link out of {root}; expected files inside it, or name the target itself");
            else if (!isFolder) _found.TryAdd(Path.GetFullPath(entry), Show(entry));
            else if (!IsLoop(entry, folder)) Walk(root, entry, realRoot, ignore);
        }
    }

    private static bool IsOutside(string entry, string realRoot)
    {
        if (!new FileInfo(entry).Attributes.HasFlag(FileAttributes.ReparsePoint)) return false;
        var target = RealPath(Path.GetFullPath(entry));
        return target != realRoot && !target.StartsWith(realRoot.TrimEnd('/') + "/", StringComparison.Ordinal);
    }

    // A link to a folder above would lead round for ever.
    private static bool IsLoop(string entry, string folder) =>
        new DirectoryInfo(entry).LinkTarget is not null && (RealPath(Path.GetFullPath(folder)) + "/").StartsWith(RealPath(Path.GetFullPath(entry)).TrimEnd('/') + "/", StringComparison.Ordinal);

    // Every part of a path may be a link, so each is followed on its own.
    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = new FileInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }

        return real;
    }

    private static IEnumerable<string> Ignored(string root)
    {
        var file = Path.Combine(root, IgnoreFile);
        if (!File.Exists(file)) return [];
        return File.ReadAllLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#'));
    }

    // As in .gitignore: a name alone means it anywhere, a folder means everything below it.
    private static IEnumerable<string> Globs(string pattern)
    {
        var glob = pattern.TrimStart('/').TrimEnd('/');
        var anywhere = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal) ? glob : $"**/{glob}";
        return [anywhere, $"{anywhere}/**"];
    }

    private static string Show(string path)
    {
        var shown = path.Replace('\\', '/');
        return shown.StartsWith("./", StringComparison.Ordinal) ? shown[2..] : shown;
    }
}
