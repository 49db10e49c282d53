using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Core.Manifests;

/// <summary>All manifests that were read together, by kind, namespace and name.</summary>
public sealed class ManifestSet
{
    private readonly Dictionary<(string Kind, string Id), Manifest> _byId = [];
    private readonly Dictionary<(string Kind, string Id), Manifest> _broken = [];
    private readonly HashSet<string> _unnamed = new(StringComparer.Ordinal);

    /// <summary>The documents that belong to other API groups.</summary>
    public int Skipped { get; private set; }

    /// <summary>How many manifests there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The manifests of one kind, ordered by namespace and name.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    public IReadOnlyList<T> All<T>()
        where T : Manifest => [.. _byId.Values.OfType<T>().OrderBy(m => m.Id, StringComparer.Ordinal)];

    /// <summary>
    /// The manifests of one kind, including those with problems, whose other parts are checked as well. Any part of
    /// such a document may be missing, even a required one.
    /// </summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    public IReadOnlyList<T> Readable<T>()
        where T : Manifest =>
        _broken.Count == 0
            ? All<T>()
            : [.. _byId.Values.Concat(_broken.Values).OfType<T>().OrderBy(m => m.Id, StringComparer.Ordinal)];

    /// <summary>Whether a document has a problem of its own.</summary>
    /// <param name="manifest">The document.</param>
    public bool HasProblem(Manifest manifest) =>
        _broken.TryGetValue((manifest.GetType().Name, manifest.Id), out var broken)
        && ReferenceEquals(broken, manifest);

    /// <summary>Finds the manifest of a kind and name in the namespace of another; null if there is none.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to it.</param>
    /// <param name="name">The name referred to.</param>
    public T? Find<T>(Manifest from, string name)
        where T : Manifest =>
        _byId.GetValueOrDefault((typeof(T).Name, $"{from.Metadata.NamespaceOrDefault}/{name}")) as T;

    /// <summary>Lists the names of a kind in the namespace of another, for suggestions.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to one.</param>
    public IEnumerable<string> Names<T>(Manifest from)
        where T : Manifest =>
        _byId
            .Values.OfType<T>()
            .Where(m => m.Metadata.NamespaceOrDefault == from.Metadata.NamespaceOrDefault)
            .Select(m => m.Metadata.Name)
            .Order(StringComparer.Ordinal);

    /// <summary>
    /// Whether such a document exists, even if it could not be read completely; then its own problems were reported.
    /// </summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    /// <param name="from">The document that refers to it.</param>
    /// <param name="name">The name referred to.</param>
    public bool IsBroken<T>(Manifest from, string name)
        where T : Manifest =>
        MayLack<T>() || _broken.ContainsKey((typeof(T).Name, $"{from.Metadata.NamespaceOrDefault}/{name}"));

    /// <summary>
    /// Whether some text could not be read at all, so that documents which seem to be missing may be in it.
    /// </summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>Whether a document of a kind may be there under a name that could not be read.</summary>
    /// <typeparam name="T">The kind's type.</typeparam>
    public bool MayLack<T>()
        where T : Manifest => IsIncomplete || _unnamed.Contains(typeof(T).Name);

    /// <summary>Records that some text could not be read.</summary>
    public void MarkIncomplete() => IsIncomplete = true;

    /// <summary>Adds the manifests of another reading; existing ones are kept.</summary>
    /// <param name="other">The other reading.</param>
    public void Include(ManifestSet other)
    {
        foreach (var (key, manifest) in other._byId)
            _byId.TryAdd(key, manifest);
        foreach (var (key, manifest) in other._broken)
            _broken.TryAdd(key, manifest);
        _unnamed.UnionWith(other._unnamed);
        IsIncomplete |= other.IsIncomplete;
    }

    /// <summary>Adds the documents of a text; of two with one name, the first is kept.</summary>
    /// <param name="read">The documents.</param>
    /// <param name="problems">Gets a problem for each document that was declared before.</param>
    public void Add(ReadDocuments read, Problems problems)
    {
        Skipped += read.Skipped;
        IsIncomplete |= read.IsIncomplete;
        foreach (var kind in read.Unnamed)
            _unnamed.Add(kind.Type.Name);
        foreach (var (kind, manifest, isBroken) in read.Manifests)
        {
            CheckDeclaredOnce(kind, manifest, problems);
            (isBroken ? _broken : _byId).TryAdd((kind.Type.Name, manifest.Id), manifest);
        }
    }

    private void CheckDeclaredOnce(ManifestKind kind, Manifest manifest, Problems problems)
    {
        var key = (kind.Type.Name, manifest.Id);
        if (!_byId.TryGetValue(key, out var other) && !_broken.TryGetValue(key, out other))
            return;
        problems.Error(
            manifest.Metadata.Origin.At("name"),
            $"{kind.Name} {manifest.Id} is declared twice; expected one document a name, "
                + $"and the other is at {other.Metadata.Origin.Position}"
        );
    }
}
