namespace Reconciler.Core.Manifests;

/// <summary>
/// What the documents of one text hold, in their order, before it is known what other texts hold. Several texts can be
/// read at one time; a <see cref="ManifestSet"/> then takes them in their order.
/// </summary>
public sealed class ReadDocuments
{
    private readonly List<(ManifestKind Kind, Kinds.Manifest Manifest, bool IsBroken)> _manifests = [];
    private readonly List<ManifestKind> _unnamed = [];

    /// <summary>The documents that belong to other API groups.</summary>
    public int Skipped { get; private set; }

    /// <summary>Whether some of the text could not be read.</summary>
    public bool IsIncomplete { get; private set; }

    internal IReadOnlyList<(ManifestKind Kind, Kinds.Manifest Manifest, bool IsBroken)> Manifests => _manifests;

    internal IReadOnlyList<ManifestKind> Unnamed => _unnamed;

    /// <summary>Records that some text could not be read.</summary>
    public void MarkIncomplete() => IsIncomplete = true;

    internal void CountSkipped() => Skipped++;

    /// <summary>
    /// Records that a document of a kind has no readable name, so that any reference to that kind may mean it.
    /// </summary>
    internal void AddUnnamed(ManifestKind kind) => _unnamed.Add(kind);

    internal void Add(ManifestKind kind, Kinds.Manifest manifest, bool isBroken) =>
        _manifests.Add((kind, manifest, isBroken));
}
