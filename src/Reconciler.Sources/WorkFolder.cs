using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>A folder that is locked by one source, because two processes would delete each other's files.</summary>
/// <param name="path">The folder; created if it is missing.</param>
internal sealed class WorkFolder(string path) : IDisposable
{
    private FileStream? _lock;

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Locks the folder.</summary>
    /// <returns>Whether it was locked only now, so that its files are from an earlier process.</returns>
    /// <exception cref="SourceException">Another process uses it.</exception>
    public bool Enter()
    {
        if (_lock is not null)
            return false;
        PrivateFolder.Own(Path);
        try
        {
            _lock = new(
                System.IO.Path.Combine(Path, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException taken)
        {
            throw new SourceException($"the folder {Path} is in use by another process; give each its own", taken);
        }

        return true;
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose() => _lock?.Dispose();
}
