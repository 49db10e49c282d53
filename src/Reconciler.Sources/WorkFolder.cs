using Reconciler.Manifests;

namespace Reconciler.Sources;

/// <summary>A folder of a source's own. Two processes in one would remove each other's files.</summary>
/// <param name="path">The folder; it is made where it is missing.</param>
internal sealed class WorkFolder(string path) : IDisposable
{
    private FileStream? _lock;

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Takes the folder.</summary>
    /// <returns>Whether that is new: what lies there is an earlier process's.</returns>
    /// <exception cref="SourceException">Another process has it.</exception>
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

    /// <summary>Lets others use the folder.</summary>
    public void Dispose() => _lock?.Dispose();
}
