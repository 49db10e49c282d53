using Reconciler.Manifests;
using Reconciler.Sources.Git;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>What is followed, and what stays when the repository changes under it. With the real git.</summary>
public sealed class GitSourceTests : IDisposable
{
    private readonly GitBench _bench = new();

    private GitRepository Repository => _bench.Repository;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_commit_becomes_a_folder_with_its_manifests_alone()
    {
        var commit = Repository.Commit(
            "first",
            ("a.yaml", "one"),
            ("b/c.yml", "two"),
            ("README.md", "no"),
            ("b/script.sh", "no"),
            (".reconcilerignore", "drafts")
        );

        var revision = await _bench.FetchAsync();

        Assert.Equal(commit, revision.Id);
        Assert.Equal(["."], revision.Paths);
        Assert.Equal([".reconcilerignore", "a.yaml", "b/c.yml"], GitBench.Files(revision));
        Assert.Equal("two", GitBench.Text(revision, "b/c.yml"));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), revision.At);
        Assert.Equal($"file://{Repository.Path[..^4]}", _bench.Source.Origin);
    }

    [Fact]
    public async Task The_same_commit_is_the_same_revision_and_its_files_are_not_written_again()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        var first = await _bench.FetchAsync();
        File.WriteAllText(Path.Combine(first.Folder, "left.txt"), "here");

        var again = await _bench.FetchAsync();

        Assert.Equal((first.Id, first.Folder, first.At), (again.Id, again.Folder, again.At));
        Assert.Equal("here", GitBench.Text(again, "left.txt"));
    }

    [Fact]
    public async Task A_push_is_followed_and_the_files_before_it_stay_for_one_more()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        var first = await _bench.FetchAsync();
        Repository.Commit("second", ("a.yaml", "two"), ("b.yaml", "new"));
        var second = await _bench.FetchAsync();
        Assert.Equal("one", GitBench.Text(first, "a.yaml"));
        Assert.Equal("two", GitBench.Text(second, "a.yaml"));

        Repository.Commit("third", ("b.yaml", null));
        var third = await _bench.FetchAsync();

        Assert.Equal(["a.yaml"], GitBench.Files(third));
        Assert.False(Directory.Exists(first.Folder));
        Assert.True(Directory.Exists(second.Folder));
    }

    [Fact]
    public async Task A_rewritten_history_is_followed_and_only_one_commit_is_kept()
    {
        for (var i = 0; i < 3; i++)
            Repository.Commit("old", ("a.yaml", $"one {i}"));
        await _bench.FetchAsync();
        var commit = Repository.Rewrite("new", ("z.yaml", "other"));

        var revision = await _bench.FetchAsync();

        Assert.Equal(commit, revision.Id);
        Assert.Equal(["z.yaml"], GitBench.Files(revision));
        Assert.Equal("1", Copy("rev-list", "--count", "--all"));
    }

    [Fact]
    public async Task A_branch_that_is_gone_is_an_error_and_the_last_files_stay()
    {
        var commit = Repository.Commit("first", ("a.yaml", "one"));
        Repository.Point("refs/heads/release/v1", commit);
        _bench.Settings = _bench.Settings with { Branch = "release/v1" };
        var revision = await _bench.FetchAsync();
        Repository.Delete("refs/heads/release/v1");

        Assert.Contains(
            "has no branch release/v1; was it deleted or renamed?",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );

        Assert.Equal("one", GitBench.Text(revision, "a.yaml"));
        Repository.Point("refs/heads/release/v1", commit);
        Assert.Equal(revision.Folder, (await _bench.FetchAsync()).Folder);
    }

    [Fact]
    public async Task The_branch_that_is_named_is_followed_and_no_other()
    {
        Repository.Commit("first", ("a.yaml", "main"));
        Repository.CommitTo("next", "other", ("a.yaml", "next"));
        _bench.Settings = _bench.Settings with { Branch = "next" };

        Assert.Equal("next", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
        Assert.EndsWith("#next", _bench.Source.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_branch_is_the_one_of_the_repository()
    {
        Repository.Commit("first", ("a.yaml", "main"));
        Repository.CommitTo("trunk", "other", ("a.yaml", "trunk"));
        Repository.Git("symbolic-ref", "HEAD", "refs/heads/trunk");

        Assert.Equal("trunk", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tag_is_followed_where_it_moves(bool annotated)
    {
        var (first, second) = (
            Repository.Commit("first", ("a.yaml", "one")),
            Repository.Commit("second", ("a.yaml", "two"))
        );
        _bench.Settings = _bench.Settings with { Tag = "stable" };
        Tag(second);
        Assert.Equal(second, (await _bench.FetchAsync()).Id);

        Tag(first);

        Assert.Equal(first, (await _bench.FetchAsync()).Id);
        Assert.EndsWith("#tags/stable", _bench.Source.Origin, StringComparison.Ordinal);

        void Tag(string commit)
        {
            if (annotated)
                Repository.Git("tag", "--force", "-a", "-m", "stable", "stable", commit);
            else
                Repository.Git("tag", "--force", "stable", commit);
        }
    }

    [Fact]
    public async Task A_tag_of_something_that_is_no_commit_is_an_error()
    {
        var commit = Repository.Commit("first", ("a.yaml", "one"));
        Repository.Git("tag", "files", $"{commit}^{{tree}}");
        _bench.Settings = _bench.Settings with { Tag = "files" };

        Assert.Contains("the tag files of", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_repository_is_an_error() =>
        Assert.Contains(
            "is empty, or its default branch does not exist",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_repository_that_is_not_there_is_an_error()
    {
        _bench.Settings = _bench.Settings with { Url = "file:///nowhere/people.git" };

        Assert.Contains("file:///nowhere/people is not there", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_folder_of_the_repository_only_what_lies_in_it_is_written()
    {
        Repository.Commit("first", ("access/prod/a.yaml", "one"), ("access/b.yaml", "two"), ("c.yaml", "three"));
        _bench.Settings = _bench.Settings with { Path = "./access/prod/" };

        var revision = await _bench.FetchAsync();

        Assert.Equal(["access/prod"], revision.Paths);
        Assert.Equal(["access/prod/a.yaml"], GitBench.Files(revision));
    }

    [Fact]
    public async Task A_folder_that_a_commit_does_not_have_is_an_error_that_names_it()
    {
        Repository.Commit("first", ("access/a.yaml", "one"));
        _bench.Settings = _bench.Settings with { Path = "access" };
        var revision = await _bench.FetchAsync();
        var commit = Repository.Commit("moved", ("access/a.yaml", null), ("people/a.yaml", "one"));

        Assert.Equal(
            $"commit {commit[..12]} of {_bench.Source.Origin} has no folder access; was it moved?",
            await _bench.FailAsync()
        );

        Assert.Equal("one", GitBench.Text(revision, "access/a.yaml"));
    }

    [Fact]
    public async Task A_folder_that_is_a_file_or_a_link_in_the_commit_is_an_error()
    {
        Repository.Commit("first", ("access", "a file"), ("people/a.yaml", "one"), GitChange.Link("link", "people"));
        foreach (var path in new[] { "access", "link" })
        {
            _bench.Settings = _bench.Settings with { Path = path };
            _bench.Restart();
            Assert.Contains($"has no folder {path}", await _bench.FailAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_commit_without_any_manifest_is_an_error_and_not_everybodys_end()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        await _bench.FetchAsync();
        Repository.Commit(
            "all gone",
            ("a.yaml", null),
            ("README.md", "moved"),
            (".reconcilerignore", "x"),
            (".github/ci.yaml", "x")
        );

        Assert.Contains("has no manifest (*.yaml, *.yml)", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_without_any_manifest_is_taken_where_it_may_be_empty()
    {
        Repository.Commit("all gone", ("README.md", "moved"));
        _bench.Settings = _bench.Settings with { AllowsEmpty = true };

        var revision = await _bench.FetchAsync();

        Assert.DoesNotContain(GitBench.Files(revision), f => f.EndsWith(".yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_folder_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        Repository.Commit("first", ("b/a.yaml", "one"));
        var revision = await _bench.FetchAsync();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_bench.Folder)
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(revision.Folder, "b"))
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(revision.Folder, "b/a.yaml"))
        );
    }

    [Fact]
    public async Task A_folder_that_another_source_uses_is_refused()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        var revision = await _bench.FetchAsync();
        using var other = new GitSource(_bench.Settings, TimeProvider.System);

        Assert.Contains(
            "is in use by another process",
            (await Assert.ThrowsAsync<SourceException>(() => other.FetchAsync(GitBench.Cancellation))).Message,
            StringComparison.Ordinal
        );

        Assert.Equal("one", GitBench.Text(revision, "a.yaml"));
    }

    [Fact]
    public async Task A_new_process_writes_the_files_anew()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        var before = await _bench.FetchAsync();
        File.WriteAllText(Path.Combine(before.Folder, "a.yaml"), "two");
        _bench.Restart();

        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task A_file_that_a_cleaner_took_is_written_again()
    {
        Repository.Commit("first", ("a.yaml", "one"), ("b.yaml", "two"), GitChange.Link("c.yaml", "b.yaml"));
        var revision = await _bench.FetchAsync();
        foreach (var file in new[] { "a.yaml", "c.yaml" })
        {
            File.Delete(Path.Combine(revision.Folder, file));
            revision = await _bench.FetchAsync();
            Assert.Equal(["a.yaml", "b.yaml", "c.yaml"], GitBench.Files(revision));
        }
    }

    private string Copy(params string[] words) =>
        Repository.Git(["--git-dir", Path.Combine(_bench.Folder, "repository.git"), .. words]).Trim();
}
