using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Manifests.Files;

namespace Reconciler.Manifests;

/// <summary>
/// Which manifests a run reads. A document counts as deleted only once everything that was read when it was last
/// applied is read again without it: a sub-folder, another folder or another repository tells nothing about it.
/// </summary>
/// <param name="Origin">Where the roots lie: <c>files</c>, or a repository's address without credentials.</param>
/// <param name="Roots">Files and folders, in ordinal order: real paths, or paths inside the repository.</param>
/// <param name="Exclude">The patterns that are left out, in ordinal order.</param>
public sealed record ReadScope(string Origin, ImmutableArray<string> Roots, ImmutableArray<string> Exclude)
{
    private const string Files = "files";

    // No path of a file begins so.
    private const string Pipe = "pipe:";

    /// <summary>The scope of files and folders of this machine.</summary>
    public static ReadScope OfFiles(string folder, IEnumerable<string> paths, IEnumerable<string> exclude)
    {
        var start = Path.GetFullPath(folder);
        // A folder without manifests may be a checkout that went wrong: it says nothing about what was in it.
        var roots = paths
            .Select(p => Path.GetFullPath(p, start))
            .Select(p => RealPath.Of(p) ?? p)
            .Where(HoldsManifests);
        return new(Files, Sorted(roots), Sorted(exclude));
    }

    /// <summary>
    /// The scope of what came through a pipe: nobody can read it again, so that nothing of it ever counts as deleted.
    /// </summary>
    public static ReadScope OfPipe(string folder, string path) =>
        new(Files, [Pipe + Path.GetFullPath(path, Path.GetFullPath(folder))], []);

    /// <summary>This scope without some of its paths, which said nothing about what they once held.</summary>
    /// <param name="paths">Paths of a source that is followed.</param>
    public ReadScope Without(IEnumerable<string> paths) =>
        this with
        {
            Roots = [.. Roots.Except(paths.Select(RepositoryPath.Of), StringComparer.Ordinal)],
        };

    /// <summary>
    /// The scope of a source that is followed. Nobody can look at an earlier revision of it any more, so all that is to
    /// be known is remembered: the patterns of ignore files, too. Where they change, nothing that they leave out now
    /// counts as deleted.
    /// </summary>
    /// <param name="origin">What names the source.</param>
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
    /// The wider of two scopes, this one where neither covers the other: reading a sub-folder once must not hide a
    /// later deletion. A document that was just read though more is left out now is judged by that from now on: what
    /// was read before may never be read again.
    /// </summary>
    public ReadScope Widest(ReadScope? other) =>
        other is not null && Roots.IsEmpty ? other
        : other is not null && Exclude.SequenceEqual(other.Exclude, StringComparer.Ordinal) && other.Covers(this)
            ? other
        : this;

    /// <summary>Serializes the scope as JSON, to be stored and read back with <see cref="Parse"/>.</summary>
    public string ToText() => JsonSerializer.Serialize(this, ReadScopeJson.Default.ReadScope);

    /// <summary>The scope in words.</summary>
    public override string ToString() =>
        (Origin == Files ? "" : $"{Origin}: ")
        + string.Join(", ", Roots)
        + (Exclude.IsEmpty ? "" : $" without {string.Join(", ", Exclude)}");

    // A walk leaves out dot folders and what an ignore file names, and a path that is given does not: where either is
    // in between, nobody knows that the walk came by.
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

    // By the paths alone: ignore files stand in Exclude, which is compared before.
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
