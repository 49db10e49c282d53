using System.Diagnostics;
using System.Globalization;
using Reconciler.Sources.Following;

namespace Reconciler.Tests.Sources.Following;

/// <summary>What counts as a change of a folder, and what as no folder at all.</summary>
public sealed class FolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private FolderSource? _source;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Equal_files_are_equal_revisions_and_any_change_is_another()
    {
        Write("a.yaml", "one");
        Write("b/c.yml", "two");
        Write("notes.txt", "no");
        var seen = new List<string> { await IdAsync() };
        foreach (var change in new Action[]
        {
            () => Write("a.yaml", "one more"), () => Write("d.yaml", ""), () => File.Move(_folder["d.yaml"], _folder["e.yaml"]), () => File.Delete(_folder["e.yaml"]),
            () => Write("a.yaml", "two"), () => Write("b/c.yml", "one"), () => Write(".reconcilerignore", "b/"), () => Write(".reconcilerignore", "#"),
        })
        {
            change();
            seen.Add(await IdAsync());
            Assert.Equal(seen[^1], await IdAsync());
        }

        // Only the deletion of e.yaml brings back what was there: after the first change.
        Assert.Equal(seen[1], seen[4]);
        Assert.Equal(seen.Count - 1, seen.Distinct(StringComparer.Ordinal).Count());
        Write("notes.txt", "changed");
        Write(".hidden/x.yaml", "no");
        Assert.Equal(seen[^1], await IdAsync());
        Assert.Equal(seen[^1], (await new FolderSource(_folder.Path, SourceLimits.Default, _clock).FetchAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_revision_names_the_folder_the_newest_time_and_what_to_read()
    {
        Write("a.yaml", "one", _clock.GetUtcNow().AddDays(-2));
        Write("b.yaml", "two", _clock.GetUtcNow().AddDays(-1));

        var revision = await Source().FetchAsync(Cancellation);

        Assert.Equal((_folder.Path, _clock.GetUtcNow().AddDays(-1)), (revision.Folder, revision.At));
        Assert.Equal(["."], revision.Paths);
        Assert.Equal(_folder.Path, Source().Origin);
    }

    [Fact]
    public async Task A_file_that_looks_the_same_is_not_read_again_for_five_minutes()
    {
        var old = _clock.GetUtcNow().AddHours(-1);
        Write("a.yaml", "one", old);
        var source = Source();
        var first = (await source.FetchAsync(Cancellation)).Id;
        Write("a.yaml", "two", old);

        Assert.Equal(first, (await source.FetchAsync(Cancellation)).Id);

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(first, (await source.FetchAsync(Cancellation)).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1900)]
    [InlineData(60_000)]
    public async Task A_file_that_was_just_written_is_read_again_though_it_looks_the_same(int milliseconds)
    {
        var at = _clock.GetUtcNow().AddMilliseconds(milliseconds);
        Write("a.yaml", "one", at);
        var source = Source();
        var first = (await source.FetchAsync(Cancellation)).Id;
        Write("a.yaml", "two", at);

        Assert.NotEqual(first, (await source.FetchAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_file_that_was_fresh_when_it_was_read_is_read_once_more_when_it_has_settled()
    {
        var at = _clock.GetUtcNow();
        Write("a.yaml", "one", at);
        var source = Source();
        var first = (await source.FetchAsync(Cancellation)).Id;
        Write("a.yaml", "two", at);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.NotEqual(first, (await source.FetchAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_ConfigMap_that_Kubernetes_renews_is_a_change()
    {
        var old = _clock.GetUtcNow().AddHours(-1);
        Write("..1/a.yaml", "one", old);
        _folder.Link("..data", "..1");
        _folder.Link("a.yaml", "..data/a.yaml");
        var source = Source();
        var first = await source.FetchAsync(Cancellation);
        Write("..2/a.yaml", "two", old);
        Swap("..data", "..2");

        var second = await source.FetchAsync(Cancellation);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(second.Folder, "a.yaml"), Cancellation));
    }

    [Fact]
    public async Task A_link_that_is_swapped_for_another_folder_is_a_change_and_the_origin_stays()
    {
        var old = _clock.GetUtcNow().AddHours(-1);
        Write("rev1/a.yaml", "one", old);
        Write("rev2/a.yaml", "two", old);
        Write("rev3/a.yaml", "one", old);
        _folder.Link("current", "rev1");
        var source = new FolderSource(_folder["current"], SourceLimits.Default, _clock);
        var first = await source.FetchAsync(Cancellation);
        Swap("current", "rev2");
        var second = await source.FetchAsync(Cancellation);
        Swap("current", "rev3");
        var third = await source.FetchAsync(Cancellation);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, third.Id);
        Assert.Equal(_folder["rev2"], second.Folder);
        Assert.Equal(_folder["current"], source.Origin);
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_without_manifests_is_an_error_and_not_everybodys_end()
    {
        Assert.Contains("has no manifest (*.yaml, *.yml)", await FailAsync(), StringComparison.Ordinal);
        Write("README.md", "nothing");
        Assert.Contains("has no manifest (*.yaml, *.yml)", await FailAsync(), StringComparison.Ordinal);
        var gone = new FolderSource(_folder["gone"], SourceLimits.Default, _clock);
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<SourceException>(() => gone.FetchAsync(Cancellation))).Message, StringComparison.Ordinal);
        _folder.Link("gone", "nowhere");
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<SourceException>(() => gone.FetchAsync(Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_refused()
    {
        Write("a.yaml", "one");
        _folder.Link("b.yaml", "/etc/passwd");

        Assert.Contains("b.yaml: is a symbolic link out of", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_files_or_bytes_are_refused()
    {
        for (var i = 0; i < 4; i++) Write(string.Create(CultureInfo.InvariantCulture, $"{i}.yaml"), new string('#', 10));
        Assert.Contains("holds more than 3 manifest files", await FailAsync(new(3, 1000)), StringComparison.Ordinal);
        Assert.Contains("holds more than 39 bytes", await FailAsync(new(4, 39)), StringComparison.Ordinal);
        Assert.Equal(64, (await Source(new(4, 40)).FetchAsync(Cancellation)).Id.Length);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each write is a second after the last, so that nothing here depends on how fast the machine is.
    private void Write(string name, string text, DateTimeOffset? at = null)
    {
        _folder.Write(name, text);
        if (at is null) _clock.Advance(TimeSpan.FromSeconds(1));
        File.SetLastWriteTimeUtc(_folder[name], (at ?? _clock.GetUtcNow()).UtcDateTime);
    }

    // As it is done in earnest: a link is renamed over the other.
    private void Swap(string link, string to)
    {
        _folder.Link("next", to);
        using var move = Process.Start("mv", ["-T", _folder["next"], _folder[link]]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }

    private FolderSource Source(SourceLimits? limits = null) => _source ??= new(_folder.Path, limits ?? SourceLimits.Default, _clock);

    private async Task<string> IdAsync() => (await Source().FetchAsync(Cancellation)).Id;

    private async Task<string> FailAsync(SourceLimits? limits = null) =>
        (await Assert.ThrowsAsync<SourceException>(() => new FolderSource(_folder.Path, limits ?? SourceLimits.Default, _clock).FetchAsync(Cancellation))).Message;
}
