using Reconciler.Core.Manifests.Tree;
using Reconciler.Sources.Git;
using Reconciler.Testing;
using Reconciler.Testing.Sources;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>Repositories whose commits are named by SHA-256.</summary>
public sealed class GitSha256Tests : IDisposable
{
    private readonly GitRepository _repository = new("sha256");
    private readonly GitBench _bench = new();

    public GitSha256Tests() => _bench.Settings = _bench.Settings with { Url = _repository.Url };

    public void Dispose()
    {
        _bench.Dispose();
        _repository.Dispose();
    }

    [Fact]
    public async Task A_repository_is_followed_and_its_last_revision_survives_a_restart()
    {
        _repository.Commit("first", ("a.yaml", "one"));
        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
        var commit = _repository.Commit("second", ("a.yaml", "two"), GitChange.Link("b.yaml", "a.yaml"));

        var revision = await _bench.FetchAsync();
        _bench.Source.Keep(revision);
        _bench.Restart();

        Assert.Equal(64, commit.Length);
        Assert.Equal((commit, "two"), (revision.Id, GitBench.Text(revision, "b.yaml")));
        Assert.Equal(commit, (await _bench.Source.LastGoodAsync(GitBench.Cancellation))!.Id);
        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task A_tag_with_a_message_is_followed()
    {
        var commit = _repository.Commit("first", ("a.yaml", "one"));
        _repository.Git("tag", "-a", "-m", "v1", "v1", commit);
        _bench.Settings = _bench.Settings with { Tag = "v1" };

        Assert.Equal(commit, (await _bench.FetchAsync()).Id);
    }

    [Fact]
    public async Task A_repository_that_changes_its_hash_is_followed_on()
    {
        using var old = new GitRepository();
        old.Commit("first", ("a.yaml", "one"));
        _bench.Settings = _bench.Settings with { Url = old.Url };
        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
        Directory.Delete(old.Path, recursive: true);
        _repository.Commit("first", ("a.yaml", "two"));
        Directory.Move(_repository.Path, old.Path);

        Assert.Equal("two", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signatures_are_checked(bool isTag)
    {
        var key = _bench.At("ana");
        SshServer.Keygen(key);
        _bench.Settings = _bench.Settings with
        {
            Tag = isTag ? "v1" : null,
            VerifyKeys = _bench.Write("signers", $"ana@example.com {File.ReadAllText(key + ".pub")}"),
        };
        string[] signing = ["gpg.format=ssh", $"user.signingkey={key}"];
        var none = new Dictionary<string, string>();
        var commit = isTag
            ? _repository.Commit("unsigned", ("a.yaml", "one"))
            : _repository.SignedCommit(signing, none, ("a.yaml", "one"));
        if (isTag)
            _repository.Git(
                [.. signing.SelectMany(s => new[] { "-c", s }), "tag", "-s", "-m", "v1", "v1", commit],
                null
            );

        var revision = await _bench.FetchAsync();
        Assert.Equal((commit, "ana@example.com"), (revision.Id, revision.Signer));

        _bench.Settings = _bench.Settings with { Tag = null };
        _bench.Restart();
        var unsigned = _repository.Commit("unsigned", ("a.yaml", "two"));
        Assert.StartsWith($"commit {unsigned[..12]} of", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_author_of_a_line_is_found_in_a_checkout()
    {
        var commit = _repository.Commit("first", ("a.yaml", "one\n"));
        using var folder = new TemporaryFolder();
        _repository.Git("clone", "--quiet", _repository.Path, folder["checkout"]);
        folder.Write("checkout/b.yaml", "new\n");
        _repository.Git("--git-dir", folder["checkout/.git"], "--work-tree", folder["checkout"], "add", "b.yaml");
        var history = new CheckoutHistory(folder["checkout"], ["."]);

        Position committed = new("a.yaml", 1, 1),
            added = new("b.yaml", 1, 1);
        var lines = await history.LinesAsync([committed, added], GitBench.Cancellation);

        Assert.Equal(new(commit, "Ana <ana@example.com>"), lines[committed]);
        Assert.Equal(new("", "author unknown (not committed)"), lines[added]);
        Assert.StartsWith(
            commit,
            (await history.OriginAsync(GitBench.Cancellation)).Revision,
            StringComparison.Ordinal
        );
    }
}
