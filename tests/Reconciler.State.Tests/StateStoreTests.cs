using FsCheck.Xunit;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>A ledger on disk: whole saves, one writer at a time, and only what changed.</summary>
public sealed class StateStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private StateStore? _store;
    private StoredLedger _saved = new(Project, null, "");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // All cases share this instance, so that each ledger is saved over the one of the case before.
    [Property(MaxTest = 300)]
    public async Task Any_ledger_saved_over_any_other_comes_back_equal_in_another_process(ProjectLedger ledger)
    {
        _store ??= _folder.Open();
        _saved = await _store.SaveAsync(_saved, ledger, [], Cancellation);
        using var other = StateStore.OpenExisting(_folder.File)!;
        var loaded = await other.LoadAsync(Project, Cancellation);
        Assert.Equal(ledger.Rekeyed(), loaded.Ledger);
        Assert.Equal(_saved.Version, loaded.Version);
    }

    [Fact]
    public void The_history_of_a_project_is_read_by_its_index()
    {
        _folder.Open().Dispose();
        using var connection = StateFile.OpenToRead(_folder.File, TimeSpan.FromSeconds(1));
        var query = new HistoryQuery { Project = Project, Limit = 20 };
        var steps = connection.Rows(
            $"EXPLAIN QUERY PLAN {AuditRows.Select(query)}",
            r => r.GetString(3),
            AuditRows.Parameters(query)
        );
        Assert.Contains(steps, s => s.Contains("USING INDEX audit_project", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_changed_person_of_five_thousand_is_one_row()
    {
        var people = Enumerable
            .Range(0, 5_000)
            .Select(i => new PersonRecord($"p{i:0000}@x.example") { PersonId = $"u{i}" })
            .ToList();
        using var store = _folder.Open();
        var stored = await store.SaveAsync(new(Project, null, ""), Of(people), [], Cancellation);
        using var raw = _folder.Raw();
        raw.Run(
            """
            CREATE TABLE touched (what TEXT);
            CREATE TRIGGER t1 AFTER INSERT ON people BEGIN INSERT INTO touched VALUES ('+' || new.email); END;
            CREATE TRIGGER t2 AFTER UPDATE ON people BEGIN INSERT INTO touched VALUES ('~' || new.email); END;
            CREATE TRIGGER t3 AFTER DELETE ON people BEGIN INSERT INTO touched VALUES ('-' || old.email); END;
            """
        );
        people[2_500] = people[2_500] with { Resends = 1 };
        stored = await store.SaveAsync(stored, Of(people), [], Cancellation);
        people.RemoveAt(4_000);
        people.Insert(1, new("p0000a@x.example"));
        await store.SaveAsync(stored, Of(people), [], Cancellation);
        Assert.Equal(
            ["~p2500@x.example", "-p4000@x.example", "+p0000a@x.example"],
            raw.Rows("SELECT what FROM touched ORDER BY rowid", r => r.GetString(0))
        );
    }

    [Fact]
    public async Task Whoever_saves_over_somebody_elses_save_saves_nothing()
    {
        using var one = _folder.Open();
        using var two = _folder.Open();
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
        using var store = _folder.Open();
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
        using var store = _folder.Open();
        var stored = await store.SaveAsync(
            new(Project, null, ""),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        var owned = Of(new PersonRecord("ana@x.example") { Owned = true });
        await store.SaveAsync(stored with { Ledger = owned }, owned with { TrustedCount = 1 }, [], Cancellation);
        using var other = StateStore.OpenExisting(_folder.File)!;
        Assert.Equal(owned with { TrustedCount = 1 }, (await other.LoadAsync(Project, Cancellation)).Ledger);
    }

    [Fact]
    public async Task A_save_that_fails_half_way_leaves_everything_as_it_was()
    {
        using var store = _folder.Open();
        var stored = await store.SaveAsync(
            new(Project, null, ""),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
        using (var raw = _folder.Raw())
            raw.Run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no room'); END");
        var failure = await Assert.ThrowsAsync<LedgerException>(() =>
            store.SaveAsync(stored, Of(), [Entry("ana@x.example")], Cancellation)
        );
        Assert.Contains(_folder.File, failure.Message, StringComparison.Ordinal);
        using (var raw = _folder.Raw())
            raw.Run("DROP TRIGGER full");
        Assert.Equal(stored, await store.LoadAsync(Project, Cancellation));
        using var other = StateStore.OpenExisting(_folder.File)!;
        Assert.Equal(stored, await other.LoadAsync(Project, Cancellation));
        await store.SaveAsync(stored, Of(), [Entry("ana@x.example")], Cancellation);
    }

    [Fact]
    public async Task A_cancelled_save_writes_nothing()
    {
        using var store = _folder.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.SaveAsync(new(Project, null, ""), Of(), [], new(canceled: true))
        );
        Assert.Empty(await store.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task All_projects_come_in_the_order_of_their_keys()
    {
        using var store = _folder.Open();
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
        using var store = _folder.Open();
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
    public async Task A_reader_does_not_wait_for_a_writer_and_a_writer_says_that_the_file_is_locked()
    {
        using var store = StateStore.OpenOrCreate(_folder.File, TimeSpan.FromMilliseconds(50));
        var stored = await store.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        using var raw = _folder.Raw();
        raw.Run("BEGIN IMMEDIATE; DELETE FROM projects");
        using var reader = StateStore.OpenExisting(_folder.File, TimeSpan.FromMilliseconds(50))!;
        Assert.Equal(stored, await reader.LoadAsync(Project, Cancellation));
        var failure = await Assert.ThrowsAsync<LedgerException>(() => store.SaveAsync(stored, null, [], Cancellation));
        Assert.Equal(
            $"{_folder.File} is locked by another program that did not let go in time; try again once it has ended",
            failure.Message
        );
        raw.Run("ROLLBACK");
        await store.SaveAsync(stored, null, [], Cancellation);
    }

    [Fact]
    public async Task Removals_count_people_once_a_project_and_only_those_done()
    {
        using var store = _folder.Open();
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
        using var store = _folder.Open();
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

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }
}
