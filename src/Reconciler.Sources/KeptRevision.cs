using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Sources;

/// <summary>
/// Stores the revision in force for the next process, with a hash over all its files that shows later changes.
/// </summary>
/// <param name="workFolder">The source's own folder, which contains the files of its revisions.</param>
internal sealed class KeptRevision(string workFolder)
{
    private const string Name = "in-force.json";

    /// <summary>The folder of its files, even if they were changed; null if none is kept.</summary>
    public string? Folder => Read() is { } note ? FolderOf(note) : null;

    /// <summary>Stores a revision.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="terms">
    /// The conditions under which it was accepted, such as branch and keys. It is valid only under the same ones.
    /// </param>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public void Write(SourceRevision revision, string terms)
    {
        var note = new Note(
            terms,
            revision.Id,
            Path.GetRelativePath(workFolder, revision.Folder),
            [.. revision.Paths],
            revision.At,
            DigestOf(revision.Folder),
            revision.Signer
        );
        var unfinished = Path.Combine(workFolder, $"{Name}.unfinished");
        File.Delete(unfinished);
        using (var file = PrivateFolder.NewFile(unfinished))
        {
            JsonSerializer.Serialize(file, note, KeptRevisionJson.Default.Note);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, Path.Combine(workFolder, Name), overwrite: true);
    }

    /// <summary>
    /// Returns the kept revision; null if none is kept under these terms, or its files are gone or changed.
    /// </summary>
    /// <param name="terms">The conditions under which it must have been accepted.</param>
    public SourceRevision? Find(string terms)
    {
        if (Read() is not { } note || note.Terms != terms || FolderOf(note) is not { } folder)
            return null;
        try
        {
            return DigestOf(folder) == note.Digest
                ? new(note.Id, folder, note.Paths) { At = note.At, Signer = note.Signer ?? "" }
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private Note? Read()
    {
        try
        {
            return
                JsonSerializer.Deserialize(
                    File.ReadAllText(Path.Combine(workFolder, Name)),
                    KeptRevisionJson.Default.Note
                )
                    is { Terms: not null, Id: not null, Folder: not null, Paths: not null, Digest: not null } note
                ? note
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string? FolderOf(Note note)
    {
        var folder = Path.GetFullPath(note.Folder, workFolder);
        return folder.StartsWith(workFolder.TrimEnd('/') + "/", StringComparison.Ordinal) ? folder : null;
    }

    private static string DigestOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(new(folder), "", hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Hash a link by its text; its target is inside the folder and hashed as well. Zero bytes separate the parts,
    // because no name contains one.
    private static void Add(DirectoryInfo at, string path, IncrementalHash hash)
    {
        foreach (var entry in at.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var name = path + entry.Name;
            if (entry.LinkTarget is { } target)
                hash.AppendData(Encoding.UTF8.GetBytes($"link\0{name}\0{target}\0"));
            else if (entry is DirectoryInfo inner)
                Add(inner, name + "/", hash);
            else
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"file\0{name}\0"));
                using var content = File.OpenRead(entry.FullName);
                hash.AppendData(SHA256.HashData(content));
            }
        }
    }

    /// <summary>The stored form.</summary>
    internal sealed record Note(
        string Terms,
        string Id,
        string Folder,
        IReadOnlyList<string> Paths,
        DateTimeOffset? At,
        string Digest,
        string? Signer = null
    );
}

[JsonSerializable(typeof(KeptRevision.Note))]
internal sealed partial class KeptRevisionJson : JsonSerializerContext;
