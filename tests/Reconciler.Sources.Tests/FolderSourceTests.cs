using System.Diagnostics;
using System.Globalization;
using Reconciler.Manifests;
using Reconciler.Sources.Folders;
using Reconciler.Testing;
using Reconciler.Testing.Sources;

namespace Reconciler.Sources.Tests;

/// <summary>What counts as a change of a folder, and what as no folder at all.</summary>
public sealed class FolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _work = new();
    private readonly FakeClock _clock = new();
    private readonly List<FolderSource> _sources = [];
    private FolderSource? _source;

    public void Dispose()
    {
        foreach (var source in _sources)
            source.Dispose();
        _folder.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Equal_files_are_equal_revisions_and_any_change_is_another()
    {
        Write("a.yaml", "one");
        Write("b/c.yml", "two");
        Write("notes.txt", "no");
        var seen = new List<string> { await IdAsync() };
        foreach (
            var change in new Action[]
            {
                () => Write("a.yaml", "one more"),
                () => Write("d.yaml", ""),
                () => File.Move(_folder["d.yaml"], _folder["e.yaml"]),
                () => File.Delete(_folder["e.yaml"]),
                () => Write("a.yaml", "two"),
                () => Write("b/c.yml", "one"),
                () => Write(".reconcilerignore", "b/"),
                () => Write(".reconcilerignore", "#"),
            }
        )
        {
            change();
            seen.Add(await IdAsync());
            Assert.Equal(seen[^1], await IdAsync());
        }

        // All states differ, except that deleting e.yaml restores the state after the first change.
        Assert.Equal(seen[1], seen[4]);
        Assert.Equal(seen.Count - 1, seen.Distinct(StringComparer.Ordinal).Count());
        Write("notes.txt", "changed");
        Write(".hidden/x.yaml", "no");
        Assert.Equal(seen[^1], await IdAsync());
        Assert.Equal(seen[^1], (await FetchAsync(New())).Id);
    }

    [Fact]
    public async Task A_revision_names_the_folder_the_newest_time_and_what_to_read()
    {
        Write("a.yaml", "one", _clock.GetUtcNow().AddDays(-2));
        Write("b.yaml", "two", _clock.GetUtcNow().AddDays(-1));

        var newest = _clock.GetUtcNow().AddDays(-1);
        var revision = await FetchAsync(Source());

        Assert.Equal(newest, revision.At);
        Assert.Equal(["."], revision.Paths);
        Assert.Equal(_folder.Path, Source().Origin);
    }

    [Fact]
    public async Task A_file_that_looks_the_same_is_not_read_again_for_five_minutes()
    {
        var old = _clock.GetUtcNow().AddHours(-1);
        Write("a.yaml", "one", old);
        var source = Source();
        var first = (await FetchAsync(source)).Id;
        Write("a.yaml", "two", old);

        Assert.Equal(first, (await FetchAsync(source)).Id);

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotEqual(first, (await FetchAsync(source)).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public async Task A_file_that_is_written_again_while_the_folder_should_be_quiet_is_seen_though_it_looks_the_same(
        int milliseconds
    )
    {
        var at = _clock.GetUtcNow().AddMilliseconds(milliseconds);
        Write("a.yaml", "one", at);
        var fetching = Source().FetchAsync(Cancellation);
        await _clock.SomebodyWaits(FolderSource.Quiet);
        Write("a.yaml", "two", at);

        Assert.Equal("two", Text(await EndAsync(fetching), "a.yaml"));
    }

    [Fact]
    public async Task Half_of_a_change_is_not_read_as_deletions()
    {
        Write("a.yaml", "one");
        Write("b.yaml", "two");
        var before = await FetchAsync(Source());
        // As rsync --delete does it: what moves to another file is gone for a moment, and what comes has an old time.
        File.Delete(_folder["b.yaml"]);
        var fetching = Source().FetchAsync(Cancellation);
        await _clock.SomebodyWaits(FolderSource.Quiet);
        Assert.Equal("two", Text(before, "b.yaml"));
        Write("c.yaml", "two", _clock.GetUtcNow().AddDays(-9));

        var after = await EndAsync(fetching);

        Assert.Equal(["a.yaml", "c.yaml"], Names(after));
        Assert.NotEqual(before.Folder, after.Folder);
    }

    [Fact]
    public async Task What_was_hashed_is_what_is_read_whatever_becomes_of_the_folder()
    {
        Write("a.yaml", "one");
        Write("b/c.yml", "two");
        Write(".reconcilerignore", "d/");
        Write("d/e.yaml", "no");
        var revision = await FetchAsync(Source());
        Directory.Delete(_folder["b"], recursive: true);
        Write("a.yaml", "changed");

        Assert.Equal([".reconcilerignore", "a.yaml", "b/c.yml"], Names(revision));
        Assert.Equal("one", Text(revision, "a.yaml"));
        Assert.Equal("d/", Text(revision, ".reconcilerignore"));
    }

    [Fact]
    public async Task A_folder_that_was_not_touched_lately_is_read_at_once()
    {
        Write("a.yaml", "one");
        var later = new FakeClock(new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var source = New(clock: later);
        var first = await source.FetchAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Same(first, await source.FetchAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(0, later.Waiting(FolderSource.Quiet));
    }

    [Fact]
    public async Task A_folder_that_never_comes_to_rest_is_refused()
    {
        Write("a.yaml", "one");
        var fetching = Source().FetchAsync(Cancellation);
        for (var i = 0; i < 5; i++)
        {
            await _clock.SomebodyWaits(FolderSource.Quiet);
            Write("a.yaml", string.Create(CultureInfo.InvariantCulture, $"again {i}"));
            _clock.Advance(FolderSource.Quiet);
        }

        Assert.Contains(
            "changes while it is read",
            (await Assert.ThrowsAsync<SourceException>(() => fetching)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_copy_that_a_cleaner_took_is_made_again()
    {
        Write("a.yaml", "one");
        var revision = await FetchAsync(Source());
        File.Delete(Path.Combine(revision.Folder, "a.yaml"));

        Assert.Equal("one", Text(await FetchAsync(Source()), "a.yaml"));
    }

    [Fact]
    public async Task Copies_among_the_manifests_are_refused_but_in_a_folder_that_no_walk_enters()
    {
        Write("a.yaml", "one");
        var among = New(work: _folder["source"]);
        Assert.Contains(
            "lies among the manifests",
            (await Assert.ThrowsAsync<SourceException>(() => among.FetchAsync(Cancellation))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a.yaml"], Names(await FetchAsync(New(work: _folder[".reconciler/source"]))));
    }

    [Fact]
    public async Task What_was_in_force_is_there_for_the_next_process_though_the_folder_is_gone()
    {
        Write("a.yaml", "one");
        var first = await FetchAsync(Source());
        Assert.Null(await Source().LastGoodAsync(Cancellation));
        Source().Keep(first);
        foreach (var text in new[] { "broken", "more broken", "worse" })
        {
            Write("a.yaml", text);
            await FetchAsync(Source());
        }

        Source().Dispose();
        Directory.Delete(_folder.Path, recursive: true);
        using var next = new FolderSource(_folder.Path, _work["1"], SourceLimits.Default, _clock);
        await Assert.ThrowsAsync<SourceException>(() => next.FetchAsync(Cancellation));
        var last = await next.LastGoodAsync(Cancellation);

        Assert.Equal((first.Id, first.At), (last!.Id, last.At));
        Assert.Equal("one", Text(last, "a.yaml"));
        Directory.CreateDirectory(_folder.Path);
    }

    [Fact]
    public async Task A_ConfigMap_that_Kubernetes_renews_is_a_change()
    {
        var old = _clock.GetUtcNow().AddHours(-1);
        Write("..1/a.yaml", "one", old);
        _folder.Link("..data", "..1");
        _folder.Link("a.yaml", "..data/a.yaml");
        var source = Source();
        var first = await FetchAsync(source);
        Write("..2/a.yaml", "two", old);
        Swap("..data", "..2");

        var second = await FetchAsync(source);

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
        var source = New(folder: _folder["current"]);
        var first = await FetchAsync(source);
        Swap("current", "rev2");
        var second = await FetchAsync(source);
        Swap("current", "rev3");
        var third = await FetchAsync(source);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Id, third.Id);
        Assert.Equal("two", Text(second, "a.yaml"));
        Assert.Equal(_folder["current"], source.Origin);
    }

    [Fact]
    public async Task A_folder_that_is_missing_or_without_manifests_is_an_error_and_not_everybodys_end()
    {
        Assert.Contains("has no manifest (*.yaml, *.yml)", await FailAsync(), StringComparison.Ordinal);
        Write("README.md", "nothing");
        Assert.Contains("has no manifest (*.yaml, *.yml)", await FailAsync(), StringComparison.Ordinal);
        var gone = New(folder: _folder["gone"]);
        Assert.Contains(
            "does not exist",
            (await Assert.ThrowsAsync<SourceException>(() => gone.FetchAsync(Cancellation))).Message,
            StringComparison.Ordinal
        );
        _folder.Link("gone", "nowhere");
        Assert.Contains(
            "does not exist",
            (await Assert.ThrowsAsync<SourceException>(() => gone.FetchAsync(Cancellation))).Message,
            StringComparison.Ordinal
        );
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
        for (var i = 0; i < 4; i++)
            Write(string.Create(CultureInfo.InvariantCulture, $"{i}.yaml"), new string('#', 10));
        Assert.Contains("holds more than 3 manifest files", await FailAsync(new(3, 1000)), StringComparison.Ordinal);
        Assert.Contains("holds more than 39 bytes", await FailAsync(new(4, 39)), StringComparison.Ordinal);
        Assert.Equal(64, (await FetchAsync(New(limits: new(4, 40)))).Id.Length);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each write is a second after the last, so that nothing here depends on how fast the machine is.
    private void Write(string name, string text, DateTimeOffset? at = null)
    {
        _folder.Write(name, text);
        if (at is null)
            _clock.Advance(TimeSpan.FromSeconds(1));
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

    private FolderSource Source() => _source ??= New();

    private FolderSource New(
        string? folder = null,
        string? work = null,
        SourceLimits? limits = null,
        TimeProvider? clock = null
    )
    {
        var source = new FolderSource(
            folder ?? _folder.Path,
            work ?? _work[(_sources.Count + 1).ToString(CultureInfo.InvariantCulture)],
            limits ?? SourceLimits.Default,
            clock ?? _clock
        );
        _sources.Add(source);
        return source;
    }

    private Task<SourceRevision> FetchAsync(FolderSource source) => EndAsync(source.FetchAsync(Cancellation));

    // Lets the time pass that a folder has to be quiet.
    private async Task<SourceRevision> EndAsync(Task<SourceRevision> fetching)
    {
        while (await Task.WhenAny(fetching, _clock.SomebodyWaits(FolderSource.Quiet)) != fetching)
            _clock.Advance(FolderSource.Quiet);
        return await fetching;
    }

    private static string Text(SourceRevision revision, string file) =>
        File.ReadAllText(Path.Combine(revision.Folder, file));

    private static string[] Names(SourceRevision revision) =>
        [
            .. Directory
                .EnumerateFiles(revision.Folder, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(revision.Folder, f))
                .Order(StringComparer.Ordinal),
        ];

    private async Task<string> IdAsync() => (await FetchAsync(Source())).Id;

    private async Task<string> FailAsync(SourceLimits? limits = null) =>
        (await Assert.ThrowsAsync<SourceException>(() => New(limits: limits).FetchAsync(Cancellation))).Message;
}
