using System.Security.Cryptography;
using Reconciler.Manifests;
using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>
/// The copy on disk can break: by a full disk, a kill, a hand. It is made anew, and nobody has to know.
/// </summary>
public sealed class GitCopyTests : IDisposable
{
    private readonly GitBench _bench = new();

    private string Copy => Path.Combine(_bench.Folder, "repository.git");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("no HEAD")]
    [InlineData("garbage in HEAD")]
    [InlineData("garbage in the ref")]
    [InlineData("a ref that leads nowhere")]
    [InlineData("empty objects")]
    [InlineData("no objects")]
    [InlineData("a config that cannot be read")]
    [InlineData("garbage in shallow")]
    public async Task A_broken_copy_is_made_anew(string what)
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"), ("b.yaml", "stays"));
        await _bench.FetchAsync();
        Break(what);
        _bench.Repository.Commit("second", ("a.yaml", "two"));

        var revision = await _bench.FetchAsync();

        Assert.Equal("two", GitBench.Text(revision, "a.yaml"));
        Assert.Equal("stays", GitBench.Text(revision, "b.yaml"));
        Assert.Equal("1", _bench.Repository.Git("--git-dir", Copy, "rev-list", "--count", "--all").Trim());
    }

    [Theory]
    [InlineData("empty objects")]
    [InlineData("no objects")]
    public async Task A_broken_copy_is_made_anew_where_nothing_was_pushed(string what)
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"));
        await _bench.FetchAsync();
        _bench.Restart();
        Break(what);

        Assert.Equal("one", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
    }

    [Fact]
    public async Task Locks_that_a_killed_git_left_do_not_stop_the_next()
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"));
        await _bench.FetchAsync();
        _bench.Restart();
        foreach (
            var file in new[]
            {
                "shallow.lock",
                "HEAD.lock",
                "packed-refs.lock",
                "refs/reconciler/followed.lock",
                "objects/pack/tmp_pack_x",
            }
        )
            File.WriteAllText(Path.Combine(Copy, file), "");
        _bench.Repository.Commit("second", ("a.yaml", "two"));

        Assert.Equal("two", GitBench.Text(await _bench.FetchAsync(), "a.yaml"));
        Assert.False(File.Exists(Path.Combine(Copy, "objects/pack/tmp_pack_x")));
    }

    [Fact]
    public async Task Commits_that_are_followed_no_more_do_not_fill_the_disk()
    {
        const int Size = 100_000;
        for (var i = 0; i < 23; i++)
        {
            _bench.Repository.Commit(
                "next",
                ("a.yaml", "one"),
                new GitChange("picture.png", "100644", RandomNumberGenerator.GetBytes(Size))
            );
            await _bench.FetchAsync();
        }

        // The copy is tidied up from the twentieth pack on, which leaves one picture; otherwise it would hold all 23.
        Assert.InRange(
            new DirectoryInfo(Copy).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length),
            Size,
            10 * Size
        );
    }

    [Fact]
    public async Task A_copy_is_not_made_anew_because_the_repository_is_away()
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"));
        await _bench.FetchAsync();
        File.WriteAllText(Path.Combine(Copy, "mark"), "");
        Directory.Move(_bench.Repository.Path, _bench.Repository.Path + ".away");

        await Assert.ThrowsAsync<SourceException>(_bench.FetchAsync);

        Assert.True(File.Exists(Path.Combine(Copy, "mark")));
    }

    private void Break(string what)
    {
        switch (what)
        {
            case "no HEAD":
                File.Delete(Path.Combine(Copy, "HEAD"));
                break;
            case "garbage in HEAD":
                File.WriteAllText(Path.Combine(Copy, "HEAD"), "what?");
                break;
            case "garbage in the ref":
                File.WriteAllText(Path.Combine(Copy, "refs/reconciler/followed"), "what?");
                break;
            case "a ref that leads nowhere":
                File.WriteAllText(Path.Combine(Copy, "refs/reconciler/followed"), new string('1', 40) + "\n");
                break;
            case "empty objects":
                foreach (
                    var file in Directory
                        .EnumerateFiles(Path.Combine(Copy, "objects"), "*", SearchOption.AllDirectories)
                        .ToArray()
                )
                {
                    File.Delete(file);
                    File.WriteAllText(file, "");
                }

                break;
            case "no objects":
                foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Copy, "objects")).ToArray())
                    Directory.Delete(folder, recursive: true);
                break;
            case "a config that cannot be read":
                File.WriteAllText(Path.Combine(Copy, "config"), "[core\n");
                break;
            case "garbage in shallow":
                File.WriteAllText(Path.Combine(Copy, "shallow"), "what?\n");
                break;
            default:
                throw new ArgumentException(what, nameof(what));
        }
    }
}
