using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>A ledger in a file: only what changed is written, and a failure leaves the file as it was.</summary>
public sealed class StateStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    public void Dispose()
    {
        _folder.Dispose();
    }
}
