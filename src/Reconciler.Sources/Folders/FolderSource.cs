using System.Security.Cryptography;
using System.Text;
using Reconciler.Core.Manifests;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;

namespace Reconciler.Sources.Folders;

/// <summary>
/// Follows a folder: one that is edited, a mounted ConfigMap, or a link that a side-car swaps. Its id is a hash over
/// names and contents. The folder is checked often, so a file is read again only if its size, times or real path
/// changed. A folder that changed must be unchanged for a moment, so that half of a copy or of a pull is not read as
/// deletions. Then the hashed files are copied, and the copy is read.
/// </summary>
/// <param name="folder">The folder, or a link to it.</param>
/// <param name="workFolder">A folder for the copies, used by this source alone; created if it is missing.</param>
/// <param name="limits">How much it may hold.</param>
/// <param name="clock">The clock, to compare with the times of files.</param>
public sealed class FolderSource(string folder, string workFolder, SourceLimits limits, TimeProvider clock)
    : IManifestSource,
        ILastGood,
        IDisposable
{
    /// <summary>How long a folder must be unchanged after a change: 3 seconds.</summary>
    internal static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    // File times may have a resolution of two seconds: a file that was written within them may change again and have
    // the same times.
    private static readonly TimeSpan Coarse = TimeSpan.FromSeconds(2);

    // After this time files are read again even if they look unchanged.
    private static readonly TimeSpan Reread = TimeSpan.FromMinutes(5);

    private const int Tries = 5;

    private readonly WorkFolder _work = new(workFolder);
    private readonly RevisionFolders _folders = new(Path.Combine(Path.GetFullPath(workFolder), "snapshots"));
    private readonly KeptRevision _kept = new(Path.GetFullPath(workFolder));
    private Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private DateTimeOffset _readAll = DateTimeOffset.MinValue;
    private SourceRevision? _current;

    private Snapshots Copies => field ??= new(_folders);

    /// <summary>Whether the folder may hold no manifest.</summary>
    public bool AllowsEmpty { get; init; }

    /// <inheritdoc/>
    public string Origin { get; } = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public async Task<SourceRevision> FetchAsync(CancellationToken cancellation)
    {
        try
        {
            Enter();
            for (var i = 0; i < Tries; i++)
            {
                if (await ReadAsync(cancellation) is { } revision)
                    return _current = revision;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the folder {Origin} cannot be read: {unreadable.Message}", unreadable);
        }

        throw new SourceException(
            $"the folder {Origin} changes while it is read; write to another folder and swap a link, or wait"
        );
    }

    /// <inheritdoc/>
    public Task<SourceRevision?> LastGoodAsync(CancellationToken cancellation)
    {
        try
        {
            Enter();
            return Task.Run(() => _kept.Find(Origin), cancellation);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the folder {_work.Path} cannot be used: {unusable.Message}", unusable);
        }
    }

    /// <inheritdoc/>
    public void Keep(SourceRevision revision)
    {
        try
        {
            _kept.Write(revision, Origin);
            _folders.Keep(revision.Folder);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            // The revision is still used; only the next process starts with the earlier one.
        }
    }

    /// <summary>Releases the folder of copies.</summary>
    public void Dispose() => _work.Dispose();

    private void Enter()
    {
        if (_work.Enter())
            _folders.Sweep(_kept.Folder);
    }

    // Returns null if the folder changed in the meantime, because it may hold a mix of two states.
    private async Task<SourceRevision?> ReadAsync(CancellationToken cancellation)
    {
        if (await LookAsync(cancellation) is not { } seen)
            return null;
        if (_current?.Id == seen.Id && Copies.Find(seen.Id) is not null)
            return _current;
        if (_current is not null ? _current.Id != seen.Id : clock.GetUtcNow() - seen.TouchedAt < Quiet)
        {
            await Task.Delay(Quiet, clock, cancellation);
            if ((await LookAsync(cancellation))?.Id != seen.Id)
                return null;
        }

        var files = _known.Values.Select(k => new SnapshotFile(k.Print.Real, k.Print.Shown, k.Hash));
        return await Copies.WriteAsync(seen.Id, files, cancellation) is { } copy
            ? new(seen.Id, copy, [RepositoryPath.Root]) { At = seen.At }
            : null;
    }

    // Returns null if files changed in the meantime.
    private async Task<Look?> LookAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var everything = now - _readAll >= Reread;
        var (root, files) = Find();
        var known = new Dictionary<string, Known>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            var isKnown =
                !everything && _known.TryGetValue(file.Shown, out var last) && last.Print == file && last.IsSettled;
            known[file.Shown] = isKnown
                ? _known[file.Shown]
                : new(file, await HashAsync(file, cancellation), IsSettled(file, now));
        }

        if (Find() is var (again, same) && (again != root || !same.SequenceEqual(files)))
            return null;
        if (everything)
            _readAll = now;
        _known = known;
        return new(
            IdOf(known.Values),
            new(files.Select(f => f.Written).DefaultIfEmpty(Directory.GetLastWriteTimeUtc(root)).Max(), TimeSpan.Zero),
            new(TouchedAt(root, files), TimeSpan.Zero)
        );
    }

    // A copied file may keep the times of its original, and then only its creation time is new. Deleted files show in
    // the time of their folder.
    private static DateTime TouchedAt(string root, IEnumerable<FilePrint> files) =>
        files
            .SelectMany(f => new[] { f.Written, f.Made, Directory.GetLastWriteTimeUtc(Path.GetDirectoryName(f.Real)!) })
            .Append(Directory.GetLastWriteTimeUtc(root))
            .Max();

    private (string Root, IReadOnlyList<FilePrint> Files) Find()
    {
        if (RealPath.Of(Origin) is not { } root || !Directory.Exists(root))
            throw new SourceException($"the folder {Origin} does not exist");
        CheckWorkFolder(root);
        var problems = new Problems();
        var found = new ManifestFiles(root, [], problems).Find([RepositoryPath.Root]);
        if (problems.HasErrors)
            throw new SourceException(
                $"the folder {Origin}: {problems.Sorted.First(p => p.Severity == Severity.Error)}"
            );
        if (found.Count == 0 && !AllowsEmpty)
            throw new SourceException($"the folder {Origin} has no manifest (*.yaml, *.yml)");
        var ignore = Path.Combine(root, ManifestFiles.IgnoreFile);
        if (File.Exists(ignore))
            found = [.. found, (RealPath.Of(ignore) ?? ignore, ManifestFiles.IgnoreFile)];
        limits.Check($"the folder {Origin}", found.Count, 0);
        FilePrint[] files =
        [
            .. found.Select(f => FilePrint.Of(f.Real, f.Shown)).OrderBy(f => f.Shown, StringComparer.Ordinal),
        ];
        limits.Check($"the folder {Origin}", files.Length, files.Sum(f => f.Size));
        return (root, files);
    }

    // A walk skips dot folders; in any other folder the copies would be read as manifests.
    private void CheckWorkFolder(string root)
    {
        var inside = root.TrimEnd('/') + "/";
        var work = RealPath.Of(_work.Path) ?? _work.Path;
        if (
            (work + "/").StartsWith(inside, StringComparison.Ordinal)
            && !work[Math.Min(inside.Length, work.Length)..].Split('/').Any(p => p.StartsWith('.'))
        )
            throw new SourceException(
                $"the folder {_work.Path}, where copies of the manifests are kept, lies among the manifests of "
                    + $"{Origin}; keep the state elsewhere, or in a folder whose name begins with a dot"
            );
    }

    // A time in the future is not settled either, because it can occur again.
    private static bool IsSettled(FilePrint file, DateTimeOffset now) => file.Written <= (now - Coarse).UtcDateTime;

    private static async Task<byte[]> HashAsync(FilePrint file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file.Real);
        return await SHA256.HashDataAsync(stream, cancellation);
    }

    private static string IdOf(IEnumerable<Known> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(f => f.Print.Shown, StringComparer.Ordinal))
        {
            // The zero byte separates names, because no name contains one.
            hash.AppendData(Encoding.UTF8.GetBytes(file.Print.Shown + "\0"));
            hash.AppendData(file.Hash);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The state of the folder at one time: its id, the newest file's time, and when something in it last changed.
    /// </summary>
    private sealed record Look(string Id, DateTimeOffset At, DateTimeOffset TouchedAt);

    /// <summary>
    /// The properties of a file that show a change without reading it. A swapped link changes the real path, a replaced
    /// file the creation time.
    /// </summary>
    private sealed record FilePrint(string Real, string Shown, long Size, DateTime Written, DateTime Made)
    {
        public static FilePrint Of(string real, string shown)
        {
            var file = new FileInfo(real);
            return new(real, shown, file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc);
        }
    }

    /// <summary>A file's hash when last read; settled if equal properties prove equal content.</summary>
    private sealed record Known(FilePrint Print, byte[] Hash, bool IsSettled);
}
