using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileSystemGlobbing;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Manifests.Files;

namespace Reconciler.Manifests;

/// <summary>
/// Finds manifest files below the given files and folders: <c>*.yaml</c> and <c>*.yml</c>, recursively, without dot
/// folders, without what <c>.reconcilerignore</c> and --exclude name. A symbolic link that leads out of its root is
/// refused; a file that several links reach is read once.
/// </summary>
/// <param name="folder">The folder that relative paths start from; paths are shown as the user named them.</param>
/// <param name="exclude">Patterns of what to leave out.</param>
/// <param name="problems">Gets every problem found.</param>
public sealed partial class ManifestFiles(string folder, IReadOnlyList<string> exclude, Problems problems)
{
    /// <summary>The file that lists what to ignore, like .gitignore.</summary>
    public const string IgnoreFile = ".reconcilerignore";

    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly List<string> _passedOver = [];

    /// <summary>Whether a file's name is that of a manifest.</summary>
    public static bool IsManifest(string name) => Path.GetExtension(name) is ".yaml" or ".yml";

    /// <summary>Finds the files, ordered by name: each with its real path and the path to show.</summary>
    /// <param name="paths">Files and folders as the user named them.</param>
    public IReadOnlyList<(string Real, string Shown)> Find(IEnumerable<string> paths) => Ordered(FindEach(paths));

    /// <summary>
    /// Combines the files of several paths, ordered by name; each once, under the name by which it was first found.
    /// </summary>
    public static IReadOnlyList<(string Real, string Shown)> Ordered(IEnumerable<FoundPath> paths)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (real, shown) in paths.SelectMany(p => p.Files))
            all.TryAdd(real, shown);
        return [.. all.Select(f => (f.Key, f.Value))];
    }

    /// <summary>Finds the files of each path.</summary>
    /// <param name="paths">Files and folders as the user named them; a pipe counts as a file.</param>
    internal IReadOnlyList<FoundPath> FindEach(IEnumerable<string> paths) => [.. paths.Select(FindIn)];

    private FoundPath FindIn(string path)
    {
        _found.Clear();
        _passedOver.Clear();
        var errors = problems.ErrorCount;
        var kind = FileKinds.Of(At(path));
        var isStream = kind != FileKind.Folder && UserFile.IsStream(At(path));
        if (kind == FileKind.Folder)
            Search(path);
        else if (kind == FileKind.Missing)
            Refuse(path, "does not exist; expected a file or a folder with manifests");
        else if (kind is FileKind.Regular or FileKind.Pipe)
            _found.Add(isStream ? At(path) : RealPath.Of(At(path)) ?? At(path), path);
        else
            Refuse(path, $"is {kind.Words()}; expected a file, a folder or a pipe");
        return new(path, kind)
        {
            IsStream = isStream,
            IsWhole = problems.ErrorCount == errors,
            Files = [.. _found.Select(f => (f.Key, f.Value))],
            PassedOver = [.. _passedOver],
        };
    }

    // Another spelling of the extension, an editor's backup, or JSON: the user may expect it to be read, so it is
    // reported.
    private static bool LooksLikeManifest(string name) => NearlyManifest().IsMatch(name);

    [GeneratedRegex(
        @"\.(ya?ml([.~][^.]*)?|json)$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex NearlyManifest();

    private string At(string path) => Path.GetFullPath(path, Path.GetFullPath(folder));

    private void Search(string root)
    {
        Matcher? ignore = null;
        try
        {
            foreach (var pattern in exclude.Concat(Ignored(root)).SelectMany(Globs))
                (ignore ??= new(StringComparison.Ordinal)).AddInclude(pattern);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Refuse(Path.Combine(root, IgnoreFile), $"cannot be read: {unreadable.Message}");
            return;
        }

        new Walk(this, root, ignore).Enter(root, RealPath.Of(At(root)) ?? At(root));
    }

    private void Refuse(string path, string message) => problems.Error(new Position(Show(path), 0, 0), message);

    private IEnumerable<string> Ignored(string root)
    {
        var file = Path.Combine(root, IgnoreFile);
        if (FileKinds.Of(At(file)) is var kind && kind != FileKind.Regular)
        {
            if (kind != FileKind.Missing)
                Refuse(file, $"is {kind.Words()}; expected a file");
            yield break;
        }

        var line = 0;
        foreach (var pattern in File.ReadLines(At(file)).Select(l => l.Trim()))
        {
            line++;
            if (pattern.Contains('\0', StringComparison.Ordinal))
                problems.Error(
                    new Position(Show(file), line, 1),
                    "is not text: NUL bytes stand here; restore the file"
                );
            else if (pattern.StartsWith('!'))
                problems.Error(
                    new Position(Show(file), line, 1),
                    "begins with !, which has no effect here; expected patterns of what to leave out"
                );
            else if (pattern.Length > 0 && !pattern.StartsWith('#'))
                yield return pattern;
        }
    }

    // As in .gitignore, a name without a slash matches anywhere, and a folder matches everything below it.
    private static IEnumerable<string> Globs(string pattern)
    {
        var plain = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[1..] : pattern;
        var glob = plain.TrimStart('/').TrimEnd('/');
        var anywhere = plain.TrimEnd('/').Contains('/', StringComparison.Ordinal) ? glob : $"**/{glob}";
        return [anywhere, $"{anywhere}/**"];
    }

    private static string Show(string path)
    {
        var shown = path.Replace('\\', '/');
        return shown.StartsWith("./", StringComparison.Ordinal) ? shown[2..] : shown;
    }

    /// <summary>Walks through one root. Each real folder is entered once, so that loops of links end.</summary>
    private sealed class Walk(ManifestFiles files, string root, Matcher? ignore)
    {
        private readonly HashSet<string> _entered = new(StringComparer.Ordinal);
        private string _realRoot = "";

        public void Enter(string folder, string real)
        {
            if (_entered.Count == 0)
                _realRoot = real.TrimEnd('/') + "/";
            if (!_entered.Add(real))
                return;
            try
            {
                // Follow links last, so that a file that is reached both ways is shown under its own name.
                foreach (
                    var entry in new DirectoryInfo(real)
                        .EnumerateFileSystemInfos()
                        .OrderBy(e => e.LinkTarget is null ? 0 : 1)
                        .ThenBy(e => e.Name, StringComparer.Ordinal)
                )
                {
                    Visit(Path.Combine(folder, entry.Name), entry, Path.Combine(real, entry.Name));
                }
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                files.Refuse(folder, $"cannot be read: {unreadable.Message}");
            }
        }

        private void Visit(string path, FileSystemInfo entry, string real)
        {
            var isFolder = Directory.Exists(real);
            var isManifest = IsManifest(entry.Name);
            if (entry.Name.StartsWith('.') || (!isFolder && !isManifest && !LooksLikeManifest(entry.Name)))
                return;
            if (ignore?.Match(Path.GetRelativePath(root, path).Replace('\\', '/')).HasMatches == true)
                return;
            if (!isFolder && !isManifest)
            {
                files._passedOver.Add(Show(path));
                return;
            }

            if (entry.LinkTarget is not null)
            {
                if (RealPath.Of(real) is not { } target)
                {
                    files.Refuse(path, "is a symbolic link that leads nowhere");
                    return;
                }

                if (!(target + "/").StartsWith(_realRoot, StringComparison.Ordinal))
                {
                    files.Refuse(
                        path,
                        $"is a symbolic link out of {root}; expected files inside it, or name the target itself"
                    );
                    return;
                }

                real = target;
            }

            if (isFolder)
                Enter(path, real);
            else if (FileKinds.Of(real) is var kind && kind != FileKind.Regular)
                files.Refuse(path, $"is {kind.Words()}; expected a file");
            else
                files._found.TryAdd(real, Show(path));
        }
    }
}

/// <summary>The files of one path that the user named.</summary>
/// <param name="Path">The path.</param>
/// <param name="Kind">The kind of file there.</param>
public sealed record FoundPath(string Path, FileKind Kind)
{
    /// <summary>Whether its content comes through a pipe, so that it cannot be read again.</summary>
    public required bool IsStream { get; init; }

    /// <summary>Whether everything in it could be read.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Its files, each with its real path and the path to show.</summary>
    public required ImmutableArray<(string Real, string Shown)> Files { get; init; }

    /// <summary>Files whose names are similar to those of manifests and that are not read.</summary>
    public required ImmutableArray<string> PassedOver { get; init; }
}
