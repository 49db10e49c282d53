namespace Reconciler.Sources;

/// <summary>
/// The files of revisions, a folder each, whole or not at all. The current one stays, the one before it until the next,
/// and the one that is kept.
/// </summary>
/// <param name="folder">Where they lie.</param>
internal sealed class RevisionFolders(string folder)
{
    private string? _kept;

    /// <summary>The folder of the current revision; null until there is one.</summary>
    public string? Current { get; private set; }

    /// <summary>Where a revision's folder is.</summary>
    public string At(string id) => Path.Combine(folder, id);

    /// <summary>An empty folder to write a revision to.</summary>
    public string Begin(string id)
    {
        var unfinished = Path.Combine(folder, $"unfinished-{id}");
        Delete(unfinished);
        PrivateFolder.Create(unfinished);
        return unfinished;
    }

    /// <summary>Puts what was written in its place, and makes it the current one.</summary>
    /// <param name="unfinished">What was written.</param>
    /// <param name="id">The revision.</param>
    public string Enter(string unfinished, string id)
    {
        var (before, now) = (Current, At(id));
        Delete(now);
        Directory.Move(unfinished, now);
        Current = now;
        RemoveBut(now, before, _kept);
        return now;
    }

    /// <summary>Removes what an earlier process left, but for what is kept.</summary>
    /// <param name="kept">A revision's folder; null where none is kept.</param>
    public void Sweep(string? kept)
    {
        _kept = kept;
        RemoveBut(kept);
    }

    /// <summary>Keeps a revision's folder, whatever comes after it, until another is kept.</summary>
    /// <param name="kept">The revision's folder.</param>
    public void Keep(string kept) => _kept = kept;

    private void RemoveBut(params string?[] stay)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (
            var older in Directory
                .EnumerateDirectories(folder)
                .Where(f => !stay.Contains(f, StringComparer.Ordinal))
                .ToArray()
        )
            Delete(older);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
