using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reconciler.Sources;

/// <summary>
/// The revision that is in force, written down for the next process. Its files are vouched for by a hash over all of
/// them.
/// </summary>
/// <param name="workFolder">The folder of a source's own, which the files of its revisions lie below.</param>
internal sealed class KeptRevision(string workFolder)
{
    private const string Name = "in-force.json";

    /// <summary>Where its files lie, whether they are as they were or not; null where none is kept.</summary>
    public string? Folder => Read() is { } note ? FolderOf(note) : null;

    /// <summary>Writes a revision down.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="terms">What it was judged by: where that is another now, it counts no more.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
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

    /// <summary>The revision; null where none is kept by these terms, or its files are gone or changed.</summary>
    /// <param name="terms">What it has to be judged by.</param>
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

    // Links as what they say: where they lead is in the folder too. The zeros end each part: no name has one.
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

    /// <summary>What is written down.</summary>
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
