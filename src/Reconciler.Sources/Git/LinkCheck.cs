using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// Checks the symbolic links of a commit before anything is written. Git itself follows them inside the tree, and links
/// that leave the folder are refused.
/// </summary>
internal static class LinkCheck
{
    /// <summary>Refuses links that lead out of the folder.</summary>
    /// <returns>The ids of the contents that links with a manifest's name lead to.</returns>
    /// <exception cref="SourceException">A link leads out of the folder.</exception>
    public static async Task<HashSet<string>> RunAsync(
        LocalRepository repository,
        string tree,
        IEnumerable<TreeEntry> entries,
        string where,
        CancellationToken cancellation
    )
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var links = entries.Where(e => e is { IsLink: true, IsHidden: false }).ToArray();
        if (links.Length == 0)
            return reached;
        await repository.ReadAsync(
            ["cat-file", "--batch-check", "--follow-symlinks"],
            string.Concat(links.Select(l => $"{tree}:{l.Path}\n")),
            async (output, token) =>
            {
                var answers = new BatchReader(new BufferedStream(output));
                foreach (var link in links)
                {
                    switch (await answers.LineAsync(token))
                    {
                        case ["symlink", ..]:
                            throw new SourceException(
                                $"{where} holds {link.Shown}, a symbolic link out of it; expected files inside it"
                            );
                        case ["dangling" or "loop" or "notdir", var length]:
                            // A link to nothing is reported later, if a walk reaches it.
                            await answers.ContentAsync(BatchReader.Length(length), token);
                            break;
                        case [var id, "blob", _] when link.IsManifest:
                            reached.Add(id);
                            break;
                    }
                }
            },
            cancellation
        );
        return reached;
    }
}
