using System.Security.Cryptography;

namespace Reconciler.Sources;

/// <summary>A file to copy.</summary>
/// <param name="Real">The path of the original.</param>
/// <param name="Shown">Its name in the copy.</param>
/// <param name="Hash">The hash that its content must have.</param>
internal sealed record SnapshotFile(string Real, string Shown, byte[] Hash);

/// <summary>
/// Copies a folder's files, so that the files which are read are those that were hashed, even if the folder changes.
/// </summary>
/// <param name="folders">The folders of the copies.</param>
internal sealed class Snapshots(RevisionFolders folders)
{
    private IReadOnlyList<(string File, long Size)> _files = [];

    /// <summary>Returns the copy of a revision if it is the current one and still complete; else null.</summary>
    /// <param name="id">The revision.</param>
    public string? Find(string id) =>
        folders.Current == folders.At(id)
        && _files.All(f => new FileInfo(f.File) is { Exists: true } file && file.Length == f.Size)
            ? folders.Current
            : null;

    /// <summary>Copies a revision's files, and makes it the current one.</summary>
    /// <returns>Its folder; null if a file changed since it was hashed.</returns>
    public async Task<string?> WriteAsync(string id, IEnumerable<SnapshotFile> files, CancellationToken cancellation)
    {
        var unfinished = folders.Begin(id);
        var written = new List<(string Shown, long Size)>();
        foreach (var file in files)
        {
            var content = await File.ReadAllBytesAsync(file.Real, cancellation);
            if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.Hash))
                return null;
            var copy = Path.Combine(unfinished, file.Shown);
            PrivateFolder.Create(Path.GetDirectoryName(copy)!);
            await using var stream = PrivateFolder.NewFile(copy);
            await stream.WriteAsync(content, cancellation);
            written.Add((file.Shown, content.Length));
        }

        var entered = folders.Enter(unfinished, id);
        _files = [.. written.Select(f => (Path.Combine(entered, f.Shown), f.Size))];
        return entered;
    }
}
