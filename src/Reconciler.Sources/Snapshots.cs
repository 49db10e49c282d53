using System.Security.Cryptography;

namespace Reconciler.Sources;

/// <summary>A file to copy.</summary>
/// <param name="Real">Where it lies.</param>
/// <param name="Shown">Its name in the copy.</param>
/// <param name="Hash">The hash that its content must have.</param>
internal sealed record SnapshotFile(string Real, string Shown, byte[] Hash);

/// <summary>
/// Copies of a folder's files: what was hashed is what is read, whatever becomes of the folder meanwhile.
/// </summary>
/// <param name="folders">Where they lie.</param>
internal sealed class Snapshots(RevisionFolders folders)
{
    private IReadOnlyList<(string File, long Size)> _files = [];

    /// <summary>The copy of a revision, where it is the current one and still whole.</summary>
    /// <param name="id">The revision.</param>
    public string? Find(string id) =>
        folders.Current == folders.At(id)
        && _files.All(f => new FileInfo(f.File) is { Exists: true } file && file.Length == f.Size)
            ? folders.Current
            : null;

    /// <summary>Copies a revision's files, and makes it the current one.</summary>
    /// <returns>Its folder; null where a file is not what was hashed any more.</returns>
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
