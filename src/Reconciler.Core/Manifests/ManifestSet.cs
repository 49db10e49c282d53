using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Manifests;

/// <summary>All manifests of one reading, by kind, namespace and name.</summary>
public sealed class ManifestSet
{
    private readonly Dictionary<(string Kind, string Id), Manifest> _byId = [];
    private readonly HashSet<(string Kind, string Id)> _broken = [];

    /// <summary>The documents that belong to other API groups.</summary>
    public int Skipped { get; private set; }

    /// <summary>How many manifests there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The manifests of one kind, ordered by namespace and name.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    public IReadOnlyList<T> All<T>()
        where T : Manifest => [.. _byId.Values.OfType<T>().OrderBy(m => m.Id, StringComparer.Ordinal)];

    /// <summary>The manifest of a kind and name in the namespace of another; null where there is none.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to it.</param>
    /// <param name="name">The name referred to.</param>
    public T? Find<T>(Manifest from, string name)
        where T : Manifest => _byId.GetValueOrDefault((typeof(T).Name, $"{from.Metadata.NamespaceOrDefault}/{name}")) as T;

    /// <summary>The names of a kind in the namespace of another, to suggest.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to one.</param>
    public IEnumerable<string> Names<T>(Manifest from)
        where T : Manifest => _byId.Values.OfType<T>()
            .Where(m => m.Metadata.NamespaceOrDefault == from.Metadata.NamespaceOrDefault)
            .Select(m => m.Metadata.Name).Order(StringComparer.Ordinal);

    /// <summary>Whether such a document exists, be it one that could not be read whole: then its own problems are said already.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to it.</param>
    /// <param name="name">The name referred to.</param>
    public bool IsBroken<T>(Manifest from, string name)
        where T : Manifest => IsIncomplete || _broken.Contains((typeof(T).Name, $"{from.Metadata.NamespaceOrDefault}/{name}"));

    /// <summary>Whether some text could not be read at all, so that what seems missing may stand there.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Notes that some text could not be read.</summary>
    public void MarkIncomplete() => IsIncomplete = true;

    /// <summary>Takes over what another reading found; what stands here already stays.</summary>
    /// <param name="other">The other reading.</param>
    public void Include(ManifestSet other)
    {
        foreach (var (key, manifest) in other._byId) _byId.TryAdd(key, manifest);
        _broken.UnionWith(other._broken);
        IsIncomplete |= other.IsIncomplete;
    }

    internal void CountSkipped() => Skipped++;

    internal void AddBroken(ManifestKind kind, Manifest manifest) => _broken.Add((kind.Type.Name, manifest.Id));

    internal void Add(ManifestKind kind, Manifest manifest, Problems problems)
    {
        var key = (kind.Type.Name, manifest.Id);
        if (_byId.TryAdd(key, manifest)) return;
        problems.Error(manifest.Metadata.Origin.At("name"), $"{kind.Name} {manifest.Id} is declared twice; expected one document a name, and the other is at {_byId[key].Metadata.Origin.Position}");
    }
}
