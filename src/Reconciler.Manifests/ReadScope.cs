using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Manifests.Files;

namespace Reconciler.Manifests;

/// <summary>
/// The set of manifests that a run reads. A document counts as deleted only if everything that was read when it was
/// last applied is read again without it: reading a sub-folder, another folder or another repository proves nothing.
/// </summary>
/// <param name="Origin">The origin of the roots: <c>files</c>, or a repository's address without credentials.</param>
/// <param name="Roots">Files and folders, in ordinal order: real paths, or paths inside the repository.</param>
/// <param name="Exclude">The patterns that are left out, in ordinal order.</param>
public sealed record ReadScope(string Origin, ImmutableArray<string> Roots, ImmutableArray<string> Exclude)
{
    private const string Files = "files";

    // No file path starts with this.
    private const string Pipe = "pipe:";

    /// <summary>Returns the scope of files and folders of this machine.</summary>
    public static ReadScope OfFiles(string folder, IEnumerable<string> paths, IEnumerable<string> exclude)
    {
        var start = Path.GetFullPath(folder);
        // A folder without manifests may be a failed checkout, so it is not part of the scope.
        var roots = paths
            .Select(p => Path.GetFullPath(p, start))
            .Select(p => RealPath.Of(p) ?? p)
            .Where(HoldsManifests);
        return new(Files, Sorted(roots), Sorted(exclude));
    }

    /// <summary>
    /// Returns the scope of a pipe. It cannot be read again, so none of its documents ever counts as deleted.
    /// </summary>
    public static ReadScope OfPipe(string folder, string path) =>
        new(Files, [Pipe + Path.GetFullPath(path, Path.GetFullPath(folder))], []);

    /// <summary>Returns this scope without some of its paths, because they held no manifests.</summary>
    /// <param name="paths">Paths of a source that is followed.</param>
    public ReadScope Without(IEnumerable<string> paths) =>
        this with
        {
            Roots = [.. Roots.Except(paths.Select(RepositoryPath.Of), StringComparer.Ordinal)],
        };

    /// <summary>
    /// Returns the scope of a source that is followed. An earlier revision cannot be read again, so the scope stores
    /// everything, including the patterns of ignore files. If they change, documents that they now leave out do not
    /// count as deleted.
    /// </summary>
    /// <param name="origin">The name of the source.</param>
    /// <param name="paths">The files and folders that are read, relative to the folder.</param>
    /// <param name="exclude">Patterns that are left out.</param>
    /// <param name="folder">Where the revision lies.</param>
    public static ReadScope OfSource(
        string origin,
        IEnumerable<string> paths,
        IEnumerable<string> exclude,
        string folder
    )
    {
        var roots = paths.Select(RepositoryPath.Of).ToArray();
        var ignored = roots
            .Select(r => Path.Combine(folder, r, ManifestFiles.IgnoreFile))
            .Where(f => FileKinds.Of(f) == FileKind.Regular)
            .SelectMany(File.ReadLines)
            .Select(l => l.Trim())
            .Where(l => l.Length > 0 && !l.StartsWith('#'));
        return new(origin, Sorted(roots), Sorted(exclude.Concat(ignored)));
    }

    /// <summary>Parses a scope that <see cref="ToText"/> wrote; null if the text is no such scope.</summary>
    public static ReadScope? Parse(string text)
    {
        try
        {
            return
                JsonSerializer.Deserialize(text, ReadScopeJson.Default.ReadScope)
                    is { Origin: not null, Roots.IsDefault: false, Exclude.IsDefault: false } scope
                ? scope
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether reading this scope reads everything of another.</summary>
    public bool Covers(ReadScope other) =>
        Origin == other.Origin
        && !other.Roots.IsEmpty
        && (
            Exclude.IsEmpty
            || (
                Exclude.SequenceEqual(other.Exclude, StringComparer.Ordinal)
                && Roots.SequenceEqual(other.Roots, StringComparer.Ordinal)
            )
        )
        && other.Roots.All(inner =>
            Roots.Any(outer => Origin == Files ? IsIn(inner, outer) : IsInRepository(inner, outer))
        );

    /// <summary>
    /// Returns the wider of two scopes, so that reading a sub-folder once does not hide a later deletion. If neither
    /// covers the other, this one: the earlier scope may never be read again.
    /// </summary>
    public ReadScope Widest(ReadScope? other) =>
        other is not null && Roots.IsEmpty ? other
        : other is not null && Exclude.SequenceEqual(other.Exclude, StringComparer.Ordinal) && other.Covers(this)
            ? other
        : this;

    /// <summary>Serializes the scope as JSON, to be stored and read back with <see cref="Parse"/>.</summary>
    public string ToText() => JsonSerializer.Serialize(this, ReadScopeJson.Default.ReadScope);

    /// <summary>Returns the scope in words.</summary>
    public override string ToString() =>
        (Origin == Files ? "" : $"{Origin}: ")
        + string.Join(", ", Roots)
        + (Exclude.IsEmpty ? "" : $" without {string.Join(", ", Exclude)}");

    // A walk skips dot folders and ignored files, but a path that is named is always read. If either lies between, it
    // is unknown whether the walk read the inner path.
    private static bool IsIn(string inner, string outer)
    {
        if (inner.StartsWith(Pipe, StringComparison.Ordinal))
            return false;
        if (inner == outer)
            return true;
        var folder = outer.TrimEnd('/') + "/";
        if (!inner.StartsWith(folder, StringComparison.Ordinal))
            return false;
        var between = inner[folder.Length..].Split('/');
        if (between.Any(part => part.StartsWith('.')))
            return false;
        return !Enumerable
            .Range(0, between.Length)
            .Any(i => File.Exists(Path.Combine([outer, .. between.Take(i), ManifestFiles.IgnoreFile])));
    }

    // Compare only the paths: ignore files are part of Exclude, which was compared before.
    private static bool IsInRepository(string inner, string outer)
    {
        if (inner == outer)
            return true;
        var folder = outer == RepositoryPath.Root ? "" : outer + "/";
        return inner != RepositoryPath.Root
            && inner.StartsWith(folder, StringComparison.Ordinal)
            && !inner[folder.Length..].Split('/').Any(part => part.StartsWith('.'));
    }

    private static bool HoldsManifests(string path) =>
        !Directory.Exists(path)
        || Directory
            .EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Any(f => f.EndsWith(".yaml", StringComparison.Ordinal) || f.EndsWith(".yml", StringComparison.Ordinal));

    private static ImmutableArray<string> Sorted(IEnumerable<string> texts) =>
        [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

[JsonSerializable(typeof(ReadScope))]
internal sealed partial class ReadScopeJson : JsonSerializerContext;
