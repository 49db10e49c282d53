using System.Text;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Manifests;
using Reconciler.Sources.Git;
using Reconciler.Testing.Sources;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>
/// What a commit may hold. Whoever may push must not get out of the folder, fill the disk, or run anything.
/// </summary>
public sealed class GitContentTests : IDisposable
{
    private readonly GitBench _bench = new();

    private GitRepository Repository => _bench.Repository;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Links_inside_the_folder_read_as_they_do_in_a_work_tree()
    {
        Repository.Commit(
            "links",
            ("people/teams/a.yaml", TemporaryFolder.TeamNamed("a")),
            ("people/base.txt", TemporaryFolder.TeamNamed("b")),
            GitChange.Link("people/also.yaml", "teams/a.yaml"),
            GitChange.Link("people/again", "teams"),
            GitChange.Link("people/b.yaml", "teams/../base.txt")
        );
        _bench.Settings = _bench.Settings with { Path = "people" };

        var revision = await _bench.FetchAsync();

        var reading = Reading.Paths([Path.Combine(revision.Folder, "people")]);
        Assert.Equal([], reading.Problems);
        Assert.Equal(["a", "b"], reading.Set.All<Team>().Select(t => t.Metadata.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("x.yaml", "/etc/passwd")]
    [InlineData("x.yaml", "../secret.yaml")]
    [InlineData("x", "../../..")]
    [InlineData("x", "..")]
    [InlineData("x", "./../shared")]
    [InlineData("deep/x", "./../../shared")]
    [InlineData("deep/x.yaml", "up/secret.yaml")]
    [InlineData("x.yaml", ".hidden/secret.yaml")]
    public async Task Links_out_of_the_folder_are_refused(string path, string target)
    {
        Repository.Commit(
            "links",
            ("secret.yaml", "secret"),
            ("people/a.yaml", "one"),
            GitChange.Link("people/deep/up", "../.."),
            GitChange.Link("people/.hidden", "/etc"),
            GitChange.Link($"people/{path}", target)
        );
        _bench.Settings = _bench.Settings with { Path = "people" };

        Assert.Contains("a symbolic link out of", await _bench.FailAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.CreateDirectory(Path.Combine(_bench.Folder, "checkouts")).EnumerateDirectories(),
            f => !f.Name.StartsWith("unfinished", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_hidden_link_out_of_the_folder_is_left_out()
    {
        Repository.Commit(
            "links",
            ("a.yaml", "one"),
            GitChange.Link(".env", "/etc/passwd"),
            GitChange.Link(".up", "../../.."),
            GitChange.Link("nowhere", "missing"),
            GitChange.Link("round.yaml", "round.yaml")
        );

        var revision = await _bench.FetchAsync();

        Assert.Equal(
            ["a.yaml", "nowhere", "round.yaml"],
            Directory.EnumerateFileSystemEntries(revision.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Names_that_are_only_strange_are_written()
    {
        string[] names =
        [
            "-rf.yaml",
            "--upload-pack=x.yaml",
            "a b.yaml",
            "ü.yaml",
            "a\\b.yaml",
            "$(touch x).yaml",
            "\"quoted\".yaml",
            "*.yaml",
            "a:b.yaml",
        ];
        Repository.Commit("names", [.. names.Select(n => (GitChange)(n, "one"))]);

        Assert.Equal(names.Order(StringComparer.Ordinal), GitBench.Files(await _bench.FetchAsync()));
    }

    [Fact]
    public async Task A_name_with_a_control_character_is_refused()
    {
        Repository.Commit("names", ("a\nb.yaml", "one"));

        Assert.Contains(
            "holds a?b.yaml, a name that no manifest may have",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("../a.yaml")]
    [InlineData("a/../../b.yaml")]
    [InlineData(".git/config.yaml")]
    [InlineData("a/.GIT/hooks/x.yml")]
    [InlineData("/etc/a.yaml")]
    [InlineData("a//b.yaml")]
    public async Task Paths_out_of_the_folder_are_refused_whatever_git_lets_through(string path)
    {
        // Such a tree is refused by the fetch already; this is the second lock.
        using var listing = new MemoryStream(
            Encoding.UTF8.GetBytes($"100644 blob {new string('1', 40)}       3\t{path}\0")
        );
        var reader = new TreeReader(SourceLimits.Default, "it", new HashSet<string>());

        var refused = await Assert.ThrowsAsync<SourceException>(() => reader.ReadAsync(listing, GitBench.Cancellation));

        Assert.Contains("a name that no manifest may have", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_tree_is_refused_by_the_fetch()
    {
        Repository.Commit("first", ("a.yaml", "one"));
        var blob = Repository.Git(["hash-object", "-w", "--stdin"], "x"u8.ToArray()).Trim();
        var tree = Repository.Git(["mktree"], Encoding.UTF8.GetBytes($"100644 blob {blob}\t..\n")).Trim();
        Repository.Point("refs/heads/main", Repository.Git("commit-tree", "-m", "evil", tree).Trim());

        Assert.Contains(
            "holds an object that is malformed, and git refuses it",
            await _bench.FailAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task More_files_than_allowed_are_refused_and_others_do_not_count()
    {
        var files = Enumerable.Range(0, 10_000).Select(i => (GitChange)($"{i / 100}/{i}.yaml", "one")).ToArray();
        Repository.Commit("many", [.. files, ("README.md", "not counted"), ("x.json", "neither")]);
        Assert.Equal(10_000, GitBench.Files(await _bench.FetchAsync()).Length);
        var commit = Repository.Commit("one more", ("more.yml", "one"));

        Assert.Equal(
            $"commit {commit[..12]} of {_bench.Source.Origin} holds more than 10000 manifest files; "
                + "name a folder of it, or raise the limit",
            await _bench.FailAsync()
        );
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_refused()
    {
        Repository.Commit("fits", ("a.yaml", new string('#', 1000)), ("picture.png", new string('x', 5000)));
        _bench.Settings = _bench.Settings with { Limits = new(10, 1000) };
        await _bench.FetchAsync();
        Repository.Commit("too much", ("b.yaml", "#"));

        Assert.Contains("holds more than 1000 bytes of manifests", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pointer_of_LFS_is_refused_and_not_read_as_a_manifest()
    {
        Repository.Commit(
            "pointer",
            (".gitattributes", "*.yaml filter=lfs diff=lfs merge=lfs\n"),
            ("a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n")
        );

        Assert.Contains("a.yaml is a pointer of Git LFS", await _bench.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_attributes_submodules_and_hooks_run_nothing()
    {
        var marker = _bench.At("ran");
        var other = Repository.CommitTo("other", "elsewhere", ("evil.yaml", "evil"));
        Repository.Commit(
            "hostile",
            ("a.yaml", "$Id$ one\r\n"),
            (".gitattributes", "*.yaml ident eol=lf filter=evil working-tree-encoding=UTF-16\n"),
            (".gitconfig", $"[filter \"evil\"]\n\tsmudge = touch {marker}\n"),
            (".gitmodules", $"[submodule \"m\"]\n\tpath = m\n\turl = ext::sh -c \"touch {marker}\"\n\tupdate = none\n"),
            (".githooks/post-checkout", $"#!/bin/sh\ntouch {marker}\n"),
            GitChange.Submodule("m", other)
        );
        File.WriteAllText(Path.Combine(Repository.Path, "hooks/post-checkout"), $"#!/bin/sh\ntouch {marker}\n");

        var revision = await _bench.FetchAsync();

        Assert.Equal("$Id$ one\r\n", GitBench.Text(revision, "a.yaml"));
        Assert.Equal(["a.yaml"], GitBench.Files(revision));
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public async Task The_machines_own_configuration_of_git_has_no_part()
    {
        // A home is given to the source, so the user's file is read where isolation fails: it would send every fetch
        // elsewhere.
        Repository.Commit("first", ("a.yaml", "one"));
        await _bench.FetchAsync();
        File.WriteAllText(
            Path.Combine(_bench.Folder, "home", ".gitconfig"),
            "[url \"file:///nowhere/\"]\n\tinsteadOf = file:///\n"
        );
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "home", "git"));
        File.WriteAllText(
            Path.Combine(_bench.Folder, "home", "git", "config"),
            "[url \"file:///nowhere/\"]\n\tinsteadOf = file:///\n"
        );

        await _bench.FetchAsync();
    }
}
