namespace Reconciler.Sources;

/// <summary>
/// Manages the files of revisions, one folder each, complete or not there. It keeps the current one, the one before it,
/// and the kept one.
/// </summary>
/// <param name="folder">The parent folder.</param>
internal sealed class RevisionFolders(string folder)
{
    private string? _kept;

    /// <summary>The folder of the current revision; null until there is one.</summary>
    public string? Current { get; private set; }

    /// <summary>Returns the path of a revision's folder.</summary>
    public string At(string id) => Path.Combine(folder, id);

    /// <summary>Creates an empty folder to write a revision to.</summary>
    public string Begin(string id)
    {
        var unfinished = Path.Combine(folder, $"unfinished-{id}");
        Delete(unfinished);
        PrivateFolder.Create(unfinished);
        return unfinished;
    }

    /// <summary>Renames a finished folder to its final path, and makes it the current one.</summary>
    /// <param name="unfinished">The finished folder.</param>
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

    /// <summary>Deletes folders of an earlier process, except for the kept one.</summary>
    /// <param name="kept">The kept revision's folder; null if none is kept.</param>
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
