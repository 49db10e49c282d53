using System.Globalization;
using System.Text;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>Thrown if the local copy of the repository cannot be read. The copy is then made again.</summary>
internal sealed class BrokenCopyException(string message) : Exception(message);

/// <summary>The result of a fetch.</summary>
/// <param name="Commit">The commit's full hash.</param>
/// <param name="Object">The object that the ref names: the commit, or a tag object.</param>
/// <param name="At">When the commit was made.</param>
internal sealed record Fetched(string Commit, string Object, DateTimeOffset At)
{
    /// <summary>Whether the ref names a tag object, which may be signed.</summary>
    public bool IsTagged => Object != Commit;
}

/// <summary>
/// A bare copy of the repository, one commit deep. It has no work tree, so content of a commit cannot make git run
/// anything.
/// </summary>
/// <param name="folder">The folder of the copy.</param>
/// <param name="home">The home folder of git, which is empty.</param>
/// <param name="clock">The clock for checking the size of the copy.</param>
internal sealed class LocalRepository(string folder, string home, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private const string Followed = "refs/reconciler/followed";
    private bool _isSwept;

    /// <summary>Whether the copy exists, so that it may be the reason of a failure.</summary>
    public bool Exists => File.Exists(System.IO.Path.Combine(folder, "HEAD"));

    private ChildProcess Git => new("git", GitEnvironment.Local(home, folder).Variables);

    /// <summary>Fetches the ref and returns its commit.</summary>
    public async Task<Fetched> FetchAsync(
        GitSettings settings,
        GitAddress address,
        GitRef follow,
        CancellationToken cancellation
    )
    {
        if (!Exists)
            await InitAsync("sha1", cancellation);
        Sweep();
        _isSwept = false;
        var environment = GitEnvironment.Remote(home, folder, settings, address);
        string[] words =
        [
            "fetch",
            "--quiet",
            "--force",
            "--depth=1",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--",
            address.Url,
            $"+{follow.Name}:{Followed}",
        ];
        var ended = await GuardedAsync(new("git", environment.Variables), words, settings, address, cancellation);
        if (!ended.IsGood && GitErrors.HashOfServer(ended.Errors) is { } hash)
        {
            Discard();
            await InitAgainAsync(hash, address, cancellation);
            ended = await GuardedAsync(new("git", environment.Variables), words, settings, address, cancellation);
        }

        if (!ended.IsGood)
            await RefuseAsync(ended.Errors, environment.Secrets, settings, address, follow, cancellation);
        await LocalAsync(["gc", "--auto", "--quiet"], cancellation);
        _isSwept = true;
        return await HeadAsync(address, follow, cancellation);
    }

    // A copy has the hash of its repository, which git tells only when both differ.
    private async Task InitAsync(string hash, CancellationToken cancellation) =>
        await LocalAsync(
            [
                "init",
                "--quiet",
                "--bare",
                "--template=",
                "--initial-branch=none",
                .. hash == "sha1" ? Array.Empty<string>() : [$"--object-format={hash}"],
                folder,
            ],
            cancellation
        );

    private async Task InitAgainAsync(string hash, GitAddress address, CancellationToken cancellation)
    {
        try
        {
            await InitAsync(hash, cancellation);
        }
        catch (BrokenCopyException unknown)
        {
            Discard();
            throw new SourceException(
                $"{address.Normal} names its commits by {hash}, which the git on this machine does not know; "
                    + "install git 2.29 or newer",
                unknown
            );
        }
    }

    /// <summary>Runs git on the copy alone.</summary>
    /// <exception cref="BrokenCopyException">It failed.</exception>
    public async Task<byte[]> LocalAsync(IEnumerable<string> words, CancellationToken cancellation, string input = "")
    {
        var (ended, output) = await Git.RunAsync(words, cancellation, input);
        return ended.IsGood ? output : throw new BrokenCopyException(GitErrors.Text(ended.Errors, []));
    }

    /// <summary>Runs git on the copy alone and passes its output to a reader.</summary>
    /// <exception cref="BrokenCopyException">It failed.</exception>
    public async Task ReadAsync(
        IEnumerable<string> words,
        string input,
        Func<Stream, CancellationToken, Task> read,
        CancellationToken cancellation
    )
    {
        var ended = await Git.RunAsync(words, input, read, cancellation);
        if (!ended.IsGood)
            throw new BrokenCopyException(GitErrors.Text(ended.Errors, []));
    }

    /// <summary>Runs git on the copy alone with more configuration; it may fail.</summary>
    public static Task<(Ended Ended, byte[] Output)> TryAsync(
        IEnumerable<string> words,
        GitEnvironment environment,
        CancellationToken cancellation
    ) => new ChildProcess("git", environment.Variables).RunAsync(words, cancellation);

    /// <summary>Returns an environment for work on the copy alone.</summary>
    public GitEnvironment Environment() => GitEnvironment.Local(home, folder);

    /// <summary>Returns the tree of a folder in a commit; null if there is no such folder.</summary>
    public async Task<string?> TreeAsync(string commit, string path, CancellationToken cancellation)
    {
        var name = path == RepositoryPath.Root ? $"{commit}^{{tree}}" : $"{commit}:{path}";
        var answer = Encoding
            .UTF8.GetString(await LocalAsync(["cat-file", "--batch-check"], cancellation, name + "\n"))
            .TrimEnd('\n')
            .Split(' ');
        if (answer is [var id, "tree", _])
            return id;
        // git reports a missing folder and a missing object alike.
        if (!await IsIntactAsync(cancellation))
            throw new BrokenCopyException("objects are missing");
        return null;
    }

    /// <summary>Deletes the copy; the next fetch makes a new one.</summary>
    public void Discard()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // Git has no limit for the size of a fetch, so the size is checked while it runs.
    private async Task<Ended> GuardedAsync(
        ChildProcess git,
        string[] words,
        GitSettings settings,
        GitAddress address,
        CancellationToken cancellation
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var fetching = git.RunAsync(words, stop.Token);
        while (!fetching.IsCompleted && !stop.IsCancellationRequested && Size() <= settings.MaxCopyBytes)
            await Task.WhenAny(fetching, Task.Delay(Look, clock, stop.Token));
        if (!fetching.IsCompleted)
            await stop.CancelAsync();
        try
        {
            var (ended, _) = await fetching;
            if (Size() <= settings.MaxCopyBytes)
                return ended;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The size check was cancelled above.
        }
        finally
        {
            await stop.CancelAsync();
        }

        Discard();
        throw new SourceException(
            $"{address.Normal} is larger than {SourceLimits.Size(settings.MaxCopyBytes)} in one commit, "
                + "and would fill the disk"
        );
    }

    private long Size()
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        }
        catch (IOException)
        {
            // Git deleted a file during the check; the next check counts again.
            return 0;
        }
    }

    private async Task<bool> IsIntactAsync(CancellationToken cancellation)
    {
        var (ended, _) = await Git.RunAsync(["rev-list", "--objects", "--quiet", Followed], cancellation);
        return ended.IsGood;
    }

    private async Task RefuseAsync(
        string errors,
        IReadOnlyList<string> secrets,
        GitSettings settings,
        GitAddress address,
        GitRef follow,
        CancellationToken cancellation
    )
    {
        var text = GitErrors.Text(errors, secrets);
        var sentence =
            GitProxy.Of(address)?.Explain(errors, new Uri(address.Url).Authority)
            ?? GitErrors.Explain(errors, settings, follow);
        var (ended, _) = await Git.RunAsync(["rev-parse", "--verify", "--quiet", Followed], cancellation);
        // Before the first fetch only the empty repository itself could be broken.
        var isNew =
            ended.Code == 1
            && !File.Exists(System.IO.Path.Combine(folder, Followed))
            && !File.Exists(System.IO.Path.Combine(folder, "packed-refs"));
        if (
            !isNew
            && (
                sentence is null
                || GitErrors.IsAboutObjects(errors)
                || !ended.IsGood
                || !await IsIntactAsync(cancellation)
            )
        )
            throw new BrokenCopyException(text);
        throw GitErrors.Failed(address.Normal, sentence ?? "cannot be fetched", text);
    }

    private async Task<Fetched> HeadAsync(GitAddress address, GitRef follow, CancellationToken cancellation)
    {
        var id = Encoding.UTF8.GetString(await LocalAsync(["rev-parse", "--verify", Followed], cancellation)).Trim();
        // A tag of a tree or of a file has no commit.
        var (ended, output) = await Git.RunAsync(
            ["log", "-1", "--no-color", "--format=%H %ct", Followed, "--"],
            cancellation
        );
        var answer = Encoding.UTF8.GetString(output).Trim().Split(' ');
        if (!ended.IsGood && !await IsIntactAsync(cancellation))
            throw new BrokenCopyException(GitErrors.Text(ended.Errors, []));
        if (answer is not [var commit, var seconds])
            throw new SourceException($"the {follow.Words} of {address.Normal} names no commit");
        return new(commit, id, When(seconds));
    }

    // A commit may state any number as its time, even one that is no valid date.
    private static DateTimeOffset When(string seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(at)
            : DateTimeOffset.UnixEpoch;

    // A killed git leaves locks and incomplete packs. They can be deleted, because no other process uses the folder.
    private void Sweep()
    {
        if (_isSwept)
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = System.IO.Path.GetFileName(file);
            if (name.EndsWith(".lock", StringComparison.Ordinal) || name.StartsWith("tmp_", StringComparison.Ordinal))
                File.Delete(file);
        }
    }
}
