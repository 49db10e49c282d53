using System.Globalization;
using Reconciler.Manifests;

namespace Reconciler.Sources.Git;

/// <summary>
/// Follows a branch or a tag of a git repository: fetches one commit, checks its signature and content, and writes its
/// manifests to a folder of their own. A failure leaves the folder of the last revision unchanged.
/// </summary>
public sealed class GitSource : IManifestSource, ILastGood, IDisposable
{
    private readonly GitSettings _settings;
    private readonly TimeProvider _clock;
    private readonly GitAddress _address;
    private readonly GitRef _follow;
    private readonly string _path;
    private readonly string _folder;
    private readonly LocalRepository _repository;
    private readonly RevisionFolders _folders;
    private readonly Checkouts _checkouts;
    private readonly SignatureCheck _signatures;
    private readonly WorkFolder _work;
    private readonly KeptRevision _kept;

    /// <summary>Makes a source without connecting to the repository.</summary>
    /// <exception cref="SourceException">The settings are invalid.</exception>
    public GitSource(GitSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _address = GitAddress.Parse(settings.Url);
        _follow = GitRef.Of(settings.Branch, settings.Tag);
        _path = RepositoryPath.Of(settings.Path);
        foreach (var (_, problem) in settings.Problems(_address))
            throw new SourceException(problem);
        _work = new(settings.Folder);
        _folder = _work.Path;
        _kept = new(_folder);
        _repository = new(Path.Combine(_folder, "repository.git"), Path.Combine(_folder, "home"), clock);
        _folders = new(Path.Combine(_folder, "checkouts"));
        _checkouts = new(_folders);
        _signatures = new(Path.Combine(_folder, "keys"));
    }

    /// <inheritdoc/>
    public string Origin => _address.Normal + _follow.Suffix;

    /// <inheritdoc/>
    public async Task<SourceRevision> FetchAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_settings.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            Enter();
            return await FetchOrHealAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SourceException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_address.Normal} was not fetched within {_settings.Timeout.TotalSeconds} s"
                )
            );
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the folder {_folder} cannot be used: {unusable.Message}", unusable);
        }
    }

    /// <inheritdoc/>
    public Task<SourceRevision?> LastGoodAsync(CancellationToken cancellation)
    {
        try
        {
            Enter();
            return Task.Run(() => _kept.Find(Terms()), cancellation);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the folder {_folder} cannot be used: {unusable.Message}", unusable);
        }
    }

    /// <inheritdoc/>
    public void Keep(SourceRevision revision)
    {
        try
        {
            _kept.Write(revision, Terms());
            _folders.Keep(revision.Folder);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or SourceException)
        {
            // The revision is still used; only the next process starts with the earlier one.
        }
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose() => _work.Dispose();

    private void Enter()
    {
        if (!_work.Enter())
            return;
        PrivateFolder.Create(Path.Combine(_folder, "home"));
        _folders.Sweep(_kept.Folder);
    }

    // A kept revision is valid only for the same branch, folder and keys: another branch or folder is another source,
    // and other keys might have refused the commit.
    private string Terms() =>
        $"{Origin} {_path} {(_settings.VerifyKeys is { } keys ? VerifyKeys.Read(keys).Digest : "unsigned")}";

    private async Task<SourceRevision> FetchOrHealAsync(CancellationToken cancellation)
    {
        try
        {
            return await FetchOnceAsync(cancellation);
        }
        catch (BrokenCopyException)
        {
            _repository.Discard();
        }

        try
        {
            return await FetchOnceAsync(cancellation);
        }
        catch (BrokenCopyException again)
        {
            throw new SourceException(
                $"the copy of {_address.Normal} in {_folder} cannot be read, though it was just fetched again: "
                    + $"{again.Message}",
                again
            );
        }
    }

    private async Task<SourceRevision> FetchOnceAsync(CancellationToken cancellation)
    {
        var fetched = await _repository.FetchAsync(_settings, _address, _follow, cancellation);
        var signer = _settings.VerifyKeys is not { } keys
            ? ""
            : await _signatures.RunAsync(_repository, keys, fetched, _follow, Origin, cancellation);
        var folder = _checkouts.Find(fetched.Commit) ?? await CheckOutAsync(fetched.Commit, cancellation);
        return new(fetched.Commit, folder, [_path]) { At = fetched.At, Signer = signer };
    }

    private async Task<string> CheckOutAsync(string commit, CancellationToken cancellation)
    {
        var where = $"commit {commit[..12]} of {Origin}";
        if (await _repository.TreeAsync(commit, _path, cancellation) is not { } tree)
            throw new SourceException($"{where} has no folder {_path}; was it moved?");
        if (_path != RepositoryPath.Root)
            where += $" in {_path}";
        var entries = await ListAsync(tree, where, new HashSet<string>(), cancellation);
        var reached = await LinkCheck.RunAsync(_repository, tree, entries, where, cancellation);
        reached.ExceptWith(entries.Select(e => e.Id));
        if (reached.Count > 0)
            entries = await ListAsync(tree, where, reached, cancellation);
        // An empty folder may be a failed checkout, which must not remove everybody.
        if (!_settings.AllowsEmpty && !entries.Any(IsOfManifests))
            throw new SourceException($"{where} has no manifest (*.yaml, *.yml)");
        return await _checkouts.WriteAsync(_repository, commit, _path, entries, cancellation);
    }

    private static bool IsOfManifests(TreeEntry entry) =>
        !entry.IsHidden
        && (entry.IsManifest || entry.IsLink)
        && !entry.Path.EndsWith(ManifestFiles.IgnoreFile, StringComparison.Ordinal);

    private async Task<IReadOnlyList<TreeEntry>> ListAsync(
        string tree,
        string where,
        IReadOnlySet<string> alsoIds,
        CancellationToken cancellation
    )
    {
        var reader = new TreeReader(_settings.Limits, where, alsoIds);
        await _repository.ReadAsync(
            ["ls-tree", "-r", "-z", "--long", "--full-tree", tree],
            "",
            reader.ReadAsync,
            cancellation
        );
        return reader.Kept;
    }
}
