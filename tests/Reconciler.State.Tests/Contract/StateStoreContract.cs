using FsCheck.Xunit;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Contract;

/// <summary>
/// What every kind of state keeps: whole saves, one writer at a time, and a trail that says what was done.
/// </summary>
/// <param name="bench">The state.</param>
public abstract class StateStoreContract(StateBench bench) : IDisposable
{
    private StateStore? _store;
    private StoredLedger _saved = new(Project, null, "");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // All cases share this instance, so that each ledger is saved over the one of the case before.
    [Property(MaxTest = 300)]
    public async Task Any_ledger_saved_over_any_other_comes_back_equal_in_another_process(ProjectLedger ledger)
    {
        _store ??= bench.Open();
        _saved = await _store.SaveAsync(_saved, ledger, [], Cancellation);
        using var other = bench.Read();
        var loaded = await other.LoadAsync(Project, Cancellation);
        Assert.Equal(ledger.Rekeyed(), loaded.Ledger);
        Assert.Equal(_saved.Version, loaded.Version);
    }

    [Fact]
    public async Task A_save_over_a_newer_save_of_somebody_else_saves_nothing()
    {
        using var one = bench.Open();
        using var two = bench.Open();
        var stale = await two.LoadAsync(Project, Cancellation);
        var saved = await one.SaveAsync(
            await one.LoadAsync(Project, Cancellation),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        var conflict = await Assert.ThrowsAsync<LedgerConflictException>(() =>
            two.SaveAsync(stale, Of(), [Entry("bob@x.example")], Cancellation)
        );
        Assert.Equal(Project, conflict.Key);
        Assert.Equal(saved, await two.LoadAsync(Project, Cancellation));
        Assert.Empty(await two.HistoryAsync(new(), Cancellation));
        await two.SaveAsync(await two.LoadAsync(Project, Cancellation), Of(), [], Cancellation);
        await Assert.ThrowsAsync<LedgerConflictException>(() => one.SaveAsync(saved, null, [], Cancellation));
    }

    [Fact]
    public async Task A_project_that_was_forgotten_and_came_back_is_not_mistaken_for_the_old_one()
    {
        using var store = bench.Open();
        var old = await store.SaveAsync(
            new(Project, null, ""),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        var gone = await store.SaveAsync(old, null, [Entry("")], Cancellation);
        Assert.Equal(new StoredLedger(Project, null, ""), gone);
        Assert.Equal(gone, await store.LoadAsync(Project, Cancellation));
        await Assert.ThrowsAsync<LedgerConflictException>(() => store.SaveAsync(old, Of(), [], Cancellation));
        await store.SaveAsync(gone, Of(new PersonRecord("bob@x.example")), [], Cancellation);
        await Assert.ThrowsAsync<LedgerConflictException>(() => store.SaveAsync(old, Of(), [], Cancellation));
    }

    [Fact]
    public async Task What_was_loaded_counts_even_where_the_caller_changed_its_copy()
    {
        using var store = bench.Open();
        var stored = await store.SaveAsync(
            new(Project, null, ""),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        var owned = Of(new PersonRecord("ana@x.example") { Owned = true });
        await store.SaveAsync(stored with { Ledger = owned }, owned with { TrustedCount = 1 }, [], Cancellation);
        using var other = bench.Read();
        Assert.Equal(owned with { TrustedCount = 1 }, (await other.LoadAsync(Project, Cancellation)).Ledger);
    }

    [Fact]
    public async Task A_cancelled_save_writes_nothing()
    {
        using var store = bench.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.SaveAsync(new(Project, null, ""), Of(), [], new(canceled: true))
        );
        Assert.Empty(await store.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task All_projects_come_in_the_order_of_their_keys()
    {
        using var store = bench.Open();
        ProjectKey[] keys =
        [
            new("b", "https://a/", "1"),
            new("a", "https://b/", "1"),
            new("a", "https://a/", "b"),
            new("a", "https://a/", "a"),
        ];
        foreach (var key in keys)
            await store.SaveAsync(
                new(key, null, ""),
                Of(new PersonRecord($"{key.ProjectId}@x.example")),
                [],
                Cancellation
            );
        var all = await store.LoadAllAsync(Cancellation);
        Assert.Equal(keys.Reverse(), all.Select(s => s.Key));
        Assert.Equal("a@x.example", all[0].Ledger!.People.Single().Email);
    }

    [Fact]
    public async Task Parallel_saves_of_many_projects_are_all_kept()
    {
        using var store = bench.Open();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 40),
            Cancellation,
            async (i, stop) =>
            {
                var key = Project with { ProjectId = $"p{i}" };
                var stored = new StoredLedger(key, null, "");
                for (var n = 1; n <= 3; n++)
                    stored = await store.SaveAsync(stored, Of() with { TrustedCount = n }, [Entry("a")], stop);
            }
        );
        Assert.All(await store.LoadAllAsync(Cancellation), s => Assert.Equal(3, s.Ledger!.TrustedCount));
        Assert.Equal(120, (await store.HistoryAsync(new(), Cancellation)).Count);
    }

    [Fact]
    public async Task Removals_count_people_once_a_project_and_only_those_done()
    {
        using var store = bench.Open();
        var other = Project with { ProjectId = "p2" };
        var elsewhere = Project with { BaseUrl = "https://other.example/" };
        AuditEntry[] entries =
        [
            Entry("ana@x.example", "remove"),
            Entry("ANA@x.example", "remove", AuditOutcome.SettledDone),
            Entry("ana@x.example", "remove") with
            {
                Project = other,
            },
            Entry("bob@x.example", "remove", AuditOutcome.Failed),
            Entry("cyd@x.example", "remove", AuditOutcome.Unknown),
            Entry("dan@x.example"),
            Entry("eve@x.example", "remove", at: Now.AddHours(-2)),
            Entry("fay@x.example", "remove") with
            {
                Project = elsewhere,
            },
        ];
        await store.SaveAsync(new(Project, null, ""), null, entries, Cancellation);
        Assert.Equal(2, await store.RemovalsSinceAsync("acme", Project.BaseUrl, Now.AddHours(-1), Cancellation));
        Assert.Equal(3, await store.RemovalsSinceAsync("acme", Project.BaseUrl, Now.AddHours(-2), Cancellation));
        Assert.Equal(1, await store.RemovalsSinceAsync("acme", elsewhere.BaseUrl, Now.AddHours(-1), Cancellation));
        Assert.Equal(0, await store.RemovalsSinceAsync("acme", Project.BaseUrl, Now.AddTicks(1), Cancellation));
    }

    [Fact]
    public async Task History_comes_newest_first_and_whole()
    {
        using var store = bench.Open();
        var full = Entry("Ana@x.example", "remove", AuditOutcome.PartlyDone) with
        {
            Added = "+a",
            Removed = "−b",
            Reason = "why",
            Declared = "x.yaml:1:2",
            Plan = "sha256:1",
            Message = "\u001b[31m",
        };
        await store.SaveAsync(
            new(Project, null, ""),
            Of(),
            [
                full,
                Entry("bob@x.example", at: Now.AddMinutes(-5)),
                Entry("cyd@x.example") with
                {
                    Project = Project with { ProjectId = "p2" },
                },
            ],
            Cancellation
        );
        Assert.Equal(["cyd@x.example", "Ana@x.example", "bob@x.example"], await People(new()));
        Assert.Equal(["cyd@x.example"], await People(new() { Limit = 1 }));
        Assert.Equal(["Ana@x.example", "bob@x.example"], await People(new() { Project = Project }));
        Assert.Equal(["cyd@x.example", "Ana@x.example"], await People(new() { Since = Now }));
        Assert.Equal([full], await store.HistoryAsync(new() { Person = " ANA@x.example" }, Cancellation));

        async Task<IEnumerable<string>> People(HistoryQuery query) =>
            (await store.HistoryAsync(query, Cancellation)).Select(e => e.Person);
    }

    [Fact]
    public async Task An_approval_is_first_seen_once()
    {
        await using (var store = bench.Open())
        {
            Assert.Empty(await store.FirstSeenAsync(Cancellation));
            await store.SeeAsync(["default/a hold:sha256:1"], Now, Cancellation);
            await store.SeeAsync(["default/a hold:sha256:1", "default/b hold:sha256:2"], Now.AddHours(1), Cancellation);
        }

        await using var again = bench.Read();
        var seen = await again.FirstSeenAsync(Cancellation);
        Assert.Equal(Now, seen["default/a hold:sha256:1"]);
        Assert.Equal(Now.AddHours(1), seen["default/b hold:sha256:2"]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => again.SeeAsync(["c"], Now, Cancellation));
    }

    [Fact]
    public async Task Lessons_of_an_account_are_those_of_all_its_projects()
    {
        using var store = bench.Open();
        var lesson = new Lesson(LessonKind.InvitationsSpent, "", Now, Now.AddHours(1)) { Message = "no seat" };
        await store.SaveAsync(new(Project, null, ""), Of() with { Lessons = [lesson] }, [], Cancellation);
        var other = Project with { ProjectId = "p2" };
        await store.SaveAsync(new(other, null, ""), Of(), [], Cancellation);
        Assert.Equal([lesson], await store.AccountLessonsAsync(Project.VendorType, Project.BaseUrl, Cancellation));
        Assert.Empty(await store.AccountLessonsAsync("other", Project.BaseUrl, Cancellation));
    }

    [Fact]
    public async Task What_is_damaged_says_so()
    {
        using (var store = bench.Open())
            await store.SaveAsync(new(Project, null, ""), Of(new PersonRecord("ana@x.example")), [], Cancellation);
        bench.Run("UPDATE people SET state = 'Elsewhere'");
        using var again = bench.Open();
        var failure = await Assert.ThrowsAsync<LedgerException>(() => again.LoadAllAsync(Cancellation));
        Assert.Contains("\"Elsewhere\" is no PersonState", failure.Message, StringComparison.Ordinal);
        Assert.Contains("holds something that Reconciler did not write", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_that_make_one_state_at_once_all_get_it()
    {
        using var start = new Barrier(4);
        var ids = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            start.SignalAndWait(Cancellation);
                            using var store = bench.Open();
                            return store.Id;
                        },
                        Cancellation,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task A_reader_finds_nothing_where_nothing_is_and_makes_nothing()
    {
        Assert.Null(StateStore.OpenExisting(bench.Place));
        Assert.Null(StateStore.OpenExisting(bench.Place));
        using (var store = bench.Open())
            Assert.Empty(await store.LoadAllAsync(Cancellation));
        using var reader = bench.Read();
        Assert.Empty(await reader.LoadAllAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            reader.SaveAsync(new(Project, null, ""), null, [], Cancellation)
        );
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _store?.Dispose();
        bench.Dispose();
    }
}
