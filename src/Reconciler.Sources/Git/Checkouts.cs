using System.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;

namespace Reconciler.Sources.Git;

/// <summary>
/// Writes the manifests of commits as files. They are written directly, without a git work tree, so that no filter,
/// hook, attribute or large-file pointer is applied.
/// </summary>
/// <param name="folders">The folders, one per commit.</param>
internal sealed class Checkouts(RevisionFolders folders)
{
    private static readonly byte[] LargeFilePointer = Encoding.ASCII.GetBytes(
        "version https://git-lfs.github.com/spec/"
    );

    private IReadOnlyList<(string File, TreeEntry Entry)> _files = [];

    /// <summary>Returns the folder of a commit if it is the current one and still complete; else null.</summary>
    /// <param name="commit">The commit.</param>
    public string? Find(string commit)
    {
        // A cleaner of temporary files may delete some of the files, which must not be read as deleted manifests.
        var whole =
            folders.Current == folders.At(commit)
            && _files.All(f =>
                new FileInfo(f.File) is var file
                && (f.Entry.IsLink ? file.LinkTarget is not null : file.Exists && file.Length == f.Entry.Size)
            );
        return whole ? folders.Current : null;
    }

    /// <summary>
    /// Writes a commit's files, completely or not at all, and makes it the current one. The one before is kept until
    /// the next.
    /// </summary>
    /// <param name="repository">The repository with the contents.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">The folder of the repository that contains the entries.</param>
    /// <param name="entries">The entries to write.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public async Task<string> WriteAsync(
        LocalRepository repository,
        string commit,
        string path,
        IReadOnlyList<TreeEntry> entries,
        CancellationToken cancellation
    )
    {
        var unfinished = folders.Begin(commit);
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(unfinished, path));
        PrivateFolder.Create(root);
        var links = new List<(TreeEntry Entry, string Target)>();
        await repository.ReadAsync(
            ["cat-file", "--batch"],
            string.Concat(entries.Select(e => e.Id + "\n")),
            async (output, token) =>
            {
                var answers = new BatchReader(new BufferedStream(output));
                foreach (var entry in entries)
                {
                    var content = await ContentAsync(answers, entry, token);
                    if (entry.IsLink)
                        links.Add((entry, Encoding.UTF8.GetString(content)));
                    else
                        Write(root, entry, content);
                }
            },
            cancellation
        );
        Link(root, links);
        return Enter(
            unfinished,
            commit,
            [
                .. entries
                    .Where(e => !e.IsLink || !e.IsHidden)
                    .Select(e => (System.IO.Path.GetRelativePath(unfinished, System.IO.Path.Combine(root, e.Path)), e)),
            ]
        );
    }

    private string Enter(string unfinished, string commit, IReadOnlyList<(string File, TreeEntry Entry)> files)
    {
        var now = folders.Enter(unfinished, commit);
        _files = [.. files.Select(f => (System.IO.Path.Combine(now, f.File), f.Entry))];
        return now;
    }

    private static async Task<byte[]> ContentAsync(BatchReader answers, TreeEntry entry, CancellationToken cancellation)
    {
        if (
            await answers.LineAsync(cancellation) is not [var id, "blob", var length]
            || id != entry.Id
            || BatchReader.Length(length) != entry.Size
        )
            throw new BrokenCopyException($"the content of {entry.Shown} is missing");
        return await answers.ContentAsync(entry.Size, cancellation);
    }

    private static void Write(string root, TreeEntry entry, byte[] content)
    {
        if (content.AsSpan().StartsWith(LargeFilePointer))
            throw new SourceException(
                $"{entry.Shown} is a pointer of Git LFS, whose files are not fetched; keep manifests in git itself"
            );
        var file = System.IO.Path.Combine(root, entry.Path);
        PrivateFolder.Create(System.IO.Path.GetDirectoryName(file)!);
        using var stream = PrivateFolder.NewFile(file);
        stream.Write(content);
    }

    // Links are created after the files, so that nothing is written through a link.
    private static void Link(string root, IReadOnlyList<(TreeEntry Entry, string Target)> links)
    {
        foreach (var (entry, target) in links)
        {
            if (!StaysInside(entry.Path, target))
            {
                if (entry.IsHidden)
                    continue;
                throw LeadsOut(entry);
            }

            var link = System.IO.Path.Combine(root, entry.Path);
            PrivateFolder.Create(System.IO.Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, target);
        }

        // Git has checked the links that a walk can reach. This checks all of them on disk, including those in hidden
        // folders.
        var inside = RealPath.Of(root)!.TrimEnd('/') + "/";
        foreach (var (entry, _) in links)
        {
            var link = System.IO.Path.Combine(root, entry.Path);
            if (RealPath.Of(link) is not { } real || (real + "/").StartsWith(inside, StringComparison.Ordinal))
                continue;
            if (!entry.IsHidden)
                throw LeadsOut(entry);
            File.Delete(link);
        }
    }

    // Compares the text alone, because git reports a link that begins with ./ as leading nowhere.
    private static bool StaysInside(string link, string target)
    {
        if (
            target.Length == 0
            || target.Contains('\0', StringComparison.Ordinal)
            || System.IO.Path.IsPathRooted(target)
        )
            return false;
        var depth = link.Count(c => c == '/');
        return target.Split('/').Where(p => p is not ("" or ".")).All(p => (depth += p == ".." ? -1 : 1) >= 0);
    }

    private static SourceException LeadsOut(TreeEntry entry) =>
        new($"{entry.Shown} is a symbolic link out of the manifests' folder; expected files inside it");
}
