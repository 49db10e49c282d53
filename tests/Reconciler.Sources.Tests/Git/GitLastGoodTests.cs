using Reconciler.Testing.Sources.Git;

namespace Reconciler.Sources.Tests.Git;

/// <summary>
/// What was in force outlives the process, though the newest commit is broken or the repository is away.
/// </summary>
public sealed class GitLastGoodTests : IDisposable
{
    private readonly GitBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_revision_in_force_is_there_for_the_next_process_whatever_was_pushed_meanwhile()
    {
        var first = await KeepFirstAsync();
        foreach (var text in new[] { "broken", "more broken", "worse" })
        {
            _bench.Repository.Commit(text, ("a.yaml", text));
            await _bench.FetchAsync();
        }

        _bench.Restart();
        await _bench.FetchAsync();
        var last = await LastAsync();

        Assert.Equal((first.Id, first.At), (last!.Id, last.At));
        Assert.Equal("one", GitBench.Text(last, "a.yaml"));
    }

    [Fact]
    public async Task It_is_there_though_the_repository_is_away()
    {
        var first = await KeepFirstAsync();
        _bench.Restart();
        Directory.Move(new Uri(_bench.Settings.Url).LocalPath, _bench.At("away"));

        await _bench.FailAsync();

        Assert.Equal(first.Id, (await LastAsync())?.Id);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("gone")]
    [InlineData("more")]
    public async Task Files_that_are_not_as_they_were_count_as_none(string what)
    {
        var first = await KeepFirstAsync();
        _bench.Restart();
        if (what == "changed")
            await File.WriteAllTextAsync(Path.Combine(first.Folder, "a.yaml"), "two", GitBench.Cancellation);
        else if (what == "gone")
            Directory.Delete(first.Folder, recursive: true);
        else
            await File.WriteAllTextAsync(Path.Combine(first.Folder, "b.yaml"), "two", GitBench.Cancellation);

        Assert.Null(await LastAsync());
    }

    [Fact]
    public async Task Another_branch_has_another_last_good()
    {
        await KeepFirstAsync();
        _bench.Restart();
        _bench.Settings = _bench.Settings with { Branch = "other" };

        Assert.Null(await LastAsync());
    }

    [Fact]
    public async Task The_note_is_its_owners_alone_and_another_takes_its_place()
    {
        if (OperatingSystem.IsWindows())
            return;
        await KeepFirstAsync();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(_bench.Folder, "in-force.json"))
        );
        _bench.Repository.Commit("second", ("a.yaml", "two"));
        var second = await _bench.FetchAsync();
        _bench.Source.Keep(second);
        _bench.Restart();

        Assert.Equal(second.Id, (await LastAsync())?.Id);
        Assert.Single(Directory.GetDirectories(Path.Combine(_bench.Folder, "checkouts")));
    }

    private async Task<SourceRevision> KeepFirstAsync()
    {
        _bench.Repository.Commit("first", ("a.yaml", "one"), GitChange.Link("c.yaml", "a.yaml"));
        var first = await _bench.FetchAsync();
        _bench.Source.Keep(first);
        return first;
    }

    private Task<SourceRevision?> LastAsync() => _bench.Source.LastGoodAsync(GitBench.Cancellation);
}
