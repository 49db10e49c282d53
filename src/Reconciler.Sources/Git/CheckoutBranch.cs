using System.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;

namespace Reconciler.Sources.Git;

/// <summary>A file of a checkout with its new content.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Content">What it holds on the branch.</param>
public sealed record BranchFile(string Path, byte[] Content);

/// <summary>
/// Makes a branch with one commit in the repository of a checkout. It is written into git alone: the work tree, its
/// index and the branch that is checked out stay as they are. The branch appears last, so nothing is half-written.
/// </summary>
/// <param name="root">The root of the work tree.</param>
/// <param name="head">The commit that is checked out.</param>
public sealed class CheckoutBranch(string root, string head)
{
    // Who commits, and with which key: git takes this from the user's configuration, or from these.
    private static readonly string[] Passed =
    [
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_COMMITTER_DATE",
        "EMAIL",
        "GNUPGHOME",
        "GPG_TTY",
        "SSH_AUTH_SOCK",
    ];

    /// <summary>Finds the repository of a folder.</summary>
    /// <param name="folder">A folder of the work tree.</param>
    /// <param name="cancellation">Ends git.</param>
    /// <exception cref="SourceException">It is in no repository, or nothing is committed there.</exception>
    public static async Task<CheckoutBranch> FindAsync(string folder, CancellationToken cancellation)
    {
        var root = (await RunAsync(folder, ["rev-parse", "--show-toplevel"], cancellation)).Trim();
        var head = await RunAsync(root, ["rev-parse", "--verify", "HEAD^{commit}"], cancellation);
        return new(root, head.Trim());
    }

    /// <summary>Why a branch of a name cannot be made; null if it can.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends git.</param>
    public async Task<string?> RefusalAsync(string name, CancellationToken cancellation)
    {
        if (name.StartsWith('-') || !await SucceedsAsync(["check-ref-format", "--branch", name], cancellation))
            return "is no name that git accepts for a branch";
        return await SucceedsAsync(["show-ref", "--verify", "--quiet", $"refs/heads/{name}"], cancellation)
            ? "exists already; delete it, or name another one"
            : null;
    }

    /// <summary>Which files differ from the commit that is checked out, or are not in it.</summary>
    /// <param name="files">Full paths.</param>
    /// <param name="cancellation">Ends git.</param>
    public async Task<IReadOnlyList<string>> ChangedAsync(IEnumerable<string> files, CancellationToken cancellation)
    {
        var changed = new List<string>();
        foreach (var file in files)
        {
            var name = NameOf(file);
            var state = await GitAsync(["status", "--porcelain", "--untracked-files=all", "--", name], cancellation);
            if (state.Length > 0 || !await SucceedsAsync(["cat-file", "-e", $"{head}:{name}"], cancellation))
                changed.Add(file);
        }

        return changed;
    }

    /// <summary>Makes a branch that holds the checked-out commit and one more.</summary>
    /// <param name="branch">The name of the branch.</param>
    /// <param name="files">The files that the commit changes.</param>
    /// <param name="message">The message of the commit.</param>
    /// <param name="cancellation">Ends git; before the end no branch is made.</param>
    /// <returns>The new commit.</returns>
    /// <exception cref="SourceException">Git refuses; nothing refers to what was written.</exception>
    public async Task<string> CommitAsync(
        string branch,
        IReadOnlyCollection<BranchFile> files,
        string message,
        CancellationToken cancellation
    )
    {
        var index = Directory.CreateTempSubdirectory("reconciler-index-");
        try
        {
            var own = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GIT_INDEX_FILE"] = Path.Combine(index.FullName, "index"),
            };
            await GitAsync(["read-tree", head], cancellation, own);
            foreach (var file in files)
            {
                var name = NameOf(file.Path);
                var mode = (await GitAsync(["ls-tree", head, "--", name], cancellation)).Split(' ')[0];
                // Git converts line ends as it does when the file is added.
                var id = await GitAsync(["hash-object", "-w", $"--path={name}", "--stdin"], cancellation, own, file);
                await GitAsync(["update-index", "--cacheinfo", $"{mode},{id.Trim()},{name}"], cancellation, own);
            }

            var tree = (await GitAsync(["write-tree"], cancellation, own)).Trim();
            string[] sign = await SignsAsync(cancellation) ? ["-S"] : [];
            var commit = await GitAsync(
                ["commit-tree", .. sign, "-p", head, "-F", "-", tree],
                cancellation,
                own,
                new("", Encoding.UTF8.GetBytes(message))
            );
            // An empty old value: the branch must not exist.
            await GitAsync(["update-ref", $"refs/heads/{branch}", commit.Trim(), ""], cancellation);
            return commit.Trim();
        }
        finally
        {
            index.Delete(recursive: true);
        }
    }

    private async Task<bool> SignsAsync(CancellationToken cancellation)
    {
        string[] words = ["-C", root, "config", "--type=bool", "--get", "commit.gpgSign"];
        var (ended, output) = await Git(null).RunAsync(words, cancellation);
        return ended.IsGood && Encoding.UTF8.GetString(output).Trim() == "true";
    }

    private string NameOf(string file)
    {
        var (real, top) = (RealPath.Of(file) ?? file, RealPath.Of(root) ?? root);
        var name = Path.GetRelativePath(top, real).Replace('\\', '/');
        return name.StartsWith("../", StringComparison.Ordinal)
            ? throw new SourceException($"{file} is outside the repository {root}")
            : name;
    }

    private Task<string> GitAsync(
        string[] words,
        CancellationToken cancellation,
        Dictionary<string, string>? variables = null,
        BranchFile? input = null
    ) => RunAsync(root, words, cancellation, variables, input);

    private async Task<bool> SucceedsAsync(string[] words, CancellationToken cancellation)
    {
        var (ended, _) = await Git(null).RunAsync(["-C", root, .. words], cancellation);
        return ended.IsGood;
    }

    private static async Task<string> RunAsync(
        string at,
        string[] words,
        CancellationToken cancellation,
        Dictionary<string, string>? variables = null,
        BranchFile? input = null
    )
    {
        var text = input is null ? "" : Encoding.UTF8.GetString(input.Content);
        var (ended, output) = await Git(variables).RunAsync(["-C", at, .. words], cancellation, text);
        if (ended.IsGood)
            return Encoding.UTF8.GetString(output);
        var said = ended
            .Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !l.StartsWith("hint:", StringComparison.Ordinal));
        throw new SourceException($"git {words[0]}: {string.Join(' ', said).Trim()}");
    }

    private static ChildProcess Git(Dictionary<string, string>? more)
    {
        var variables = new Dictionary<string, string>(GitEnvironment.OfCheckout(), StringComparer.Ordinal);
        foreach (var name in Passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                variables[name] = value;
        }

        foreach (var (name, value) in more ?? [])
            variables[name] = value;
        return new("git", variables);
    }
}
