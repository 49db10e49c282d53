using System.Text;
using Reconciler.Core.Actions;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git.Removals;

/// <summary>
/// Asks git which commits took people's entries out of the manifests of a checkout: one process for all of them, with a
/// deadline. It only reads, uses no network and runs no hook. What git does not tell is missing in the answer.
/// </summary>
/// <param name="folder">The folder that the manifests' paths are relative to.</param>
/// <param name="paths">The manifests' files and folders.</param>
public sealed class RemovalHistory(string folder, IReadOnlyList<string> paths)
{
    // No line of a file's difference begins with this character.
    private const char CommitMark = '\u0001';
    private const char PartMark = '\u0002';

    // Every entry is looked for in every commit, so their number is what the search costs.
    private const int MostEntries = 200;

    private static readonly string[] Log =
    [
        "log",
        "--max-count=2000",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--no-renames",
        "--no-notes",
        "--no-show-signature",
        "--text",
        "--patch",
        // The whole file around each change, which tells the document that a line is in.
        "--unified=100000",
        $"--format={CommitMark}%H{PartMark}%an{PartMark}%s",
    ];

    /// <summary>How long git may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Finds the commits that took entries out, for the first 200 of them; entries without one are missing. It never
    /// fails.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="now">The teams in the manifests as they are.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<IReadOnlyDictionary<RemovedEntry, RemovedBy>> FindAsync(
        IReadOnlyCollection<RemovedEntry> entries,
        TeamsNow now,
        CancellationToken cancellation
    )
    {
        if (entries.Count == 0)
            return new Dictionary<RemovedEntry, RemovedBy>();
        var searches = entries.Distinct().Take(MostEntries).ToDictionary(e => e, e => new RemovalSearch(e, now));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Deadline);
        try
        {
            await RunAsync(searches.Values, limit.Token);
        }
        catch (Exception failed)
            when (failed is SourceException or IOException or InvalidOperationException
                || (failed is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            // What was found until then is right: the newest commits come first.
        }

        return searches.Where(s => s.Value.Found is not null).ToDictionary(s => s.Key, s => ByOf(s.Value.Found!));
    }

    private static RemovedBy ByOf(CommitChanges found) => new(found.Commit, found.Author, found.Subject);

    private async Task RunAsync(IReadOnlyCollection<RemovalSearch> searches, CancellationToken cancellation)
    {
        var full = paths.Select(Full).ToList();
        var first = full.Count > 0 ? full[0] : Full(".");
        var at = Directory.Exists(first) ? first : Path.GetDirectoryName(first) ?? first;
        var git = new ChildProcess("git", GitEnvironment.OfCheckout());
        await git.RunAsync(
            ["--literal-pathspecs", "-C", at, .. Log, "--", .. full],
            "",
            (output, token) => ReadAsync(output, searches, token),
            cancellation
        );
    }

    private static async Task ReadAsync(
        Stream output,
        IReadOnlyCollection<RemovalSearch> searches,
        CancellationToken cancellation
    )
    {
        using var lines = new StreamReader(output, Encoding.UTF8);
        CommitChanges? commit = null;
        var isInFile = false;
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length > 0 && line[0] == CommitMark)
            {
                if (commit is not null && !Look(searches, commit, cancellation))
                    throw new SourceException("every entry is found");
                (commit, isInFile) = (Begin(line), false);
            }
            else if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                commit?.EndFile();
                isInFile = false;
            }
            else if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                isInFile = true;
            }
            else if (isInFile && line.Length > 0)
            {
                commit?.Add(line);
            }
        }

        if (commit is not null)
            Look(searches, commit, cancellation);
    }

    // False once no search needs an older commit: the reader's failure then ends git. A commit may be large, so the
    // deadline counts between searches too.
    internal static bool Look(
        IReadOnlyCollection<RemovalSearch> searches,
        CommitChanges commit,
        CancellationToken cancellation
    )
    {
        commit.EndFile();
        foreach (var search in searches.Where(s => !s.IsOver))
        {
            cancellation.ThrowIfCancellationRequested();
            search.Look(commit);
        }

        return searches.Any(s => !s.IsOver);
    }

    private static CommitChanges Begin(string line)
    {
        var parts = line[1..].Split(PartMark, 3);
        return new(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }

    private string Full(string path) => Path.GetFullPath(path, Path.GetFullPath(folder));
}
