using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Reconciler.Testing.Sources.Git;

/// <summary>
/// A bare repository of a test's own. A commit costs two processes, whatever it holds: it is written by git
/// fast-import, without a work tree.
/// </summary>
public sealed class GitRepository : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("reconciler-git-");
    private long _at = 1_767_225_600;

    /// <summary>Makes an empty one.</summary>
    /// <param name="hash">How it names its commits: sha1 or sha256.</param>
    public GitRepository(string hash = "sha1")
    {
        Git("init", "--quiet", "--bare", $"--object-format={hash}", "--initial-branch=main", Path);
        Git("config", "uploadpack.allowFilter", "true");
    }

    /// <summary>The folder that holds the repository: what a server serves.</summary>
    public string Root => _root.FullName;

    public string Path => System.IO.Path.Combine(Root, "people.git");

    public string Url => $"file://{Path}";

    /// <summary>A commit on top of main, or of another branch. A file whose text is null is deleted.</summary>
    /// <returns>Its hash.</returns>
    public string Commit(string message, params GitChange[] changes) => CommitTo("main", message, changes);

    /// <inheritdoc cref="Commit"/>
    public string CommitTo(string branch, string message, params GitChange[] changes) =>
        Import(branch, message, Find($"refs/heads/{branch}"), changes);

    /// <summary>Rewrites the branch's history: one commit without a parent, as after a forced push.</summary>
    public string Rewrite(string message, params GitChange[] changes) => Import("main", message, null, changes);

    /// <summary>A commit that is signed with what the configuration names, for example <c>gpg.format=ssh</c>.</summary>
    public string SignedCommit(
        IReadOnlyList<string> configuration,
        IReadOnlyDictionary<string, string> environment,
        params GitChange[] changes
    )
    {
        var parent = Find("refs/heads/main");
        var unsigned = Import("main", "signed", parent, changes);
        string[] words =
        [
            .. configuration.SelectMany(c => new[] { "-c", c }),
            "commit-tree",
            "-S",
            "-m",
            "signed",
            .. parent is null ? Array.Empty<string>() : ["-p", parent],
            $"{unsigned}^{{tree}}",
        ];
        var commit = Git(words, null, environment).Trim();
        Point("refs/heads/main", commit);
        return commit;
    }

    /// <summary>Puts a branch or a tag somewhere, forced where it was elsewhere.</summary>
    public void Point(string name, string commit) => Git("update-ref", name, commit);

    public void Delete(string name) => Git("update-ref", "-d", name);

    /// <summary>The repository's hash of a name; null where it is none.</summary>
    public string? Find(string name) =>
        Git(["for-each-ref", "--format=%(objectname)", name]).Trim() is { Length: > 0 } id ? id : null;

    public string Git(params string[] words) => Git(words, null);

    /// <summary>Runs git in the repository; it must succeed.</summary>
    public string Git(string[] words, byte[]? input, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("git", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Root,
        };
        string[] own =
        [
            "GIT_DIR",
            Path,
            "GIT_CONFIG_GLOBAL",
            "/dev/null",
            "GIT_CONFIG_NOSYSTEM",
            "1",
            "GIT_AUTHOR_NAME",
            "Ana",
            "GIT_AUTHOR_EMAIL",
            "ana@example.com",
            "GIT_COMMITTER_NAME",
            "Ana",
            "GIT_COMMITTER_EMAIL",
            "ana@example.com",
        ];
        foreach (var pair in own.Chunk(2))
            start.Environment[pair[0]] = pair[1];
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        using (var stdin = git.StandardInput.BaseStream)
            stdin.Write(input ?? []);
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', words)}: {errors.Result}");
        return output;
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string Import(string branch, string message, string? parent, GitChange[] changes)
    {
        using var stream = new MemoryStream();
        var from = parent is null ? "" : $"from {parent}\n";
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"reset refs/heads/{branch}\n\ncommit refs/heads/{branch}\ncommitter Ana <ana@example.com> "
                + $"{_at++} +0000\ndata {Encoding.UTF8.GetByteCount(message)}\n{message}\n{from}"
        );
        stream.Write(Encoding.UTF8.GetBytes(head));
        foreach (var change in changes)
            change.Write(stream);
        Git(["fast-import", "--quiet", "--force"], stream.ToArray());
        return Find($"refs/heads/{branch}")!;
    }
}
