using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Sources;

/// <summary>
/// Which manifests a run reads. A document counts as deleted only once everything that was read when it was last applied is read again
/// without it: a sub-folder, another folder or another repository tells nothing about it.
/// </summary>
/// <param name="Origin">Where the roots lie: <c>files</c>, or a repository's address without credentials.</param>
/// <param name="Roots">Files and folders, in ordinal order: real paths, or paths inside the repository.</param>
/// <param name="Exclude">The patterns that are left out, in ordinal order.</param>
internal sealed record ReadScope(string Origin, ImmutableArray<string> Roots, ImmutableArray<string> Exclude)
{
    private const string Files = "files";

    /// <summary>The scope of files and folders of this machine.</summary>
    public static ReadScope OfFiles(string folder, IEnumerable<string> paths, IEnumerable<string> exclude)
    {
        var start = Path.GetFullPath(folder);
        var roots = paths.Select(p => Path.GetFullPath(p, start)).Select(p => RealPath.Of(p) ?? p);
        return new(Files, Sorted(roots), Sorted(exclude));
    }

    public static ReadScope? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ReadScopeJson.Default.ReadScope) is { Origin: not null, Roots.IsDefault: false, Exclude.IsDefault: false } scope ? scope : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether reading this scope reads everything of another.</summary>
    public bool Covers(ReadScope other) => Origin == other.Origin
        && (Exclude.IsEmpty || Exclude.SequenceEqual(other.Exclude, StringComparer.Ordinal))
        && other.Roots.All(inner => Roots.Any(outer => IsIn(inner, outer)));

    /// <summary>The wider of two scopes, this one where neither covers the other: reading a sub-folder once must not hide a later deletion.</summary>
    public ReadScope Widest(ReadScope? other) => other is not null && other.Covers(this) ? other : this;

    public string ToText() => JsonSerializer.Serialize(this, ReadScopeJson.Default.ReadScope);

    /// <summary>The scope in words.</summary>
    public override string ToString() => (Origin == Files ? "" : $"{Origin}: ") + string.Join(", ", Roots) + (Exclude.IsEmpty ? "" : $" without {string.Join(", ", Exclude)}");

    private static bool IsIn(string inner, string outer) => inner == outer || inner.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static ImmutableArray<string> Sorted(IEnumerable<string> texts) => [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

[JsonSerializable(typeof(ReadScope))]
internal sealed partial class ReadScopeJson : JsonSerializerContext;
