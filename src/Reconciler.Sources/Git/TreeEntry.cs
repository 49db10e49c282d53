using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>A file or a symbolic link of a commit.</summary>
/// <param name="Path">The path below the listed folder.</param>
/// <param name="Id">The hash of its content.</param>
/// <param name="Size">The length of the content in bytes.</param>
/// <param name="IsLink">Whether it is a symbolic link, whose content is its target.</param>
internal sealed record TreeEntry(string Path, string Id, long Size, bool IsLink)
{
    /// <summary>Whether it is a manifest or an ignore file.</summary>
    public bool IsManifest => ManifestFiles.IsManifest(Path) || Path.Split('/')[^1] == ManifestFiles.IgnoreFile;

    /// <summary>Whether a part of its path begins with a dot: a walk skips it.</summary>
    public bool IsHidden => Path.Split('/').Any(part => part.StartsWith('.'));

    /// <summary>The path for error messages.</summary>
    public string Shown => string.Concat(Path.Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>
/// Reads the output of <c>git ls-tree -r -z --long</c>, and keeps the entries that manifests need. Nothing is written
/// to disk.
/// </summary>
/// <param name="limits">The limits of the kept entries.</param>
/// <param name="where">The listed folder, for errors.</param>
/// <param name="alsoIds">
/// Ids of contents to keep whatever their names, because links with a manifest's name lead to them.
/// </param>
internal sealed class TreeReader(SourceLimits limits, string where, IReadOnlySet<string> alsoIds)
{
    private const int LongestLink = 4096;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<TreeEntry> _kept = [];
    private long _bytes;

    /// <summary>The kept entries.</summary>
    public IReadOnlyList<TreeEntry> Kept => _kept;

    /// <summary>Reads to the end.</summary>
    /// <exception cref="SourceException">
    /// There are too many entries, or one that must not be written to disk.
    /// </exception>
    public async Task ReadAsync(Stream listing, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(listing);
        while (true)
        {
            var read = await pipe.ReadAsync(cancellation);
            var left = read.Buffer;
            while (left.PositionOf((byte)0) is { } end)
            {
                Take(left.Slice(0, end).ToArray());
                left = left.Slice(left.GetPosition(1, end));
            }

            pipe.AdvanceTo(left.Start, left.End);
            if (read.IsCompleted)
                return;
        }
    }

    // 100644 blob <id> <size, padded>TAB<path>
    private void Take(byte[] line)
    {
        var tab = Array.IndexOf(line, (byte)'\t');
        var head = Encoding.ASCII.GetString(line, 0, tab).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // Other entries are submodules: commits of another repository, which are never read.
        if (head is not [var mode, "blob", var id, var size])
            return;
        var isLink = mode == "120000";
        var path = Encoding.Latin1.GetString(line, tab + 1, line.Length - tab - 1);
        if (!isLink && !alsoIds.Contains(id) && !new TreeEntry(path, id, 0, false).IsManifest)
            return;
        Keep(
            new(
                Path(line.AsSpan(tab + 1)),
                id,
                long.Parse(size, NumberStyles.None, CultureInfo.InvariantCulture),
                isLink
            )
        );
    }

    private void Keep(TreeEntry entry)
    {
        if (entry.Path.Split('/').FirstOrDefault(part => !RepositoryPath.IsName(part)) is not null)
            throw new SourceException($"{where} holds {entry.Shown}, a name that no manifest may have");
        if (entry is { IsLink: true, Size: > LongestLink })
            throw new SourceException($"{where} holds {entry.Shown}, a symbolic link that is longer than any path");
        _kept.Add(entry);
        _bytes += entry.Size;
        limits.Check(where, _kept.Count, _bytes);
    }

    private string Path(ReadOnlySpan<byte> name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw new SourceException(
                $"{where} holds a manifest whose name is not UTF-8: {Encoding.ASCII.GetString(name)}"
            );
        }
    }
}
