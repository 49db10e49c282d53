using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>Saves that wait for one another share a transaction, and each still succeeds or fails by itself.</summary>
public sealed class SharedSaveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Saves_of_many_projects_that_wait_for_another_program_are_one_transaction()
    {
        using var store = _folder.Open();
        var before = Commits();
        var saves = await WhileLockedAsync(() =>
            [.. Enumerable.Range(0, 40).Select(i => Save(store, Key(i), Of(new PersonRecord($"p{i}@x.example"))))]
        );
        await Task.WhenAll(saves);
        Assert.Equal(1, Commits() - before);
        using var other = StateStore.OpenExisting(_folder.File)!;
        var all = await other.LoadAllAsync(Cancellation);
        Assert.Equal(40, all.Length);
        Assert.All(all, s => Assert.Single(s.Ledger!.People));
        Assert.Equal(40, (await other.HistoryAsync(new(), Cancellation)).Count);
    }

    [Fact]
    public async Task A_save_over_somebody_elses_fails_alone()
    {
        using var store = _folder.Open();
        var first = await Save(store, Key(1), Of());
        using (var other = _folder.Open())
            await other.SaveAsync(first, Of(new PersonRecord("ana@x.example")), [], Cancellation);
        var saves = await WhileLockedAsync(() =>
            [
                Save(store, Key(0), Of()),
                Task.Run(() => store.SaveAsync(first, Of(), [Entry("eve@x.example")], Cancellation), Cancellation),
                Save(store, Key(2), Of()),
            ]
        );
        Assert.NotEmpty((await saves[0]).Version);
        await Assert.ThrowsAsync<LedgerConflictException>(() => saves[1]);
        Assert.NotEmpty((await saves[2]).Version);
        Assert.DoesNotContain(await store.HistoryAsync(new(), Cancellation), entry => entry.Person == "eve@x.example");
    }

    [Fact]
    public async Task Of_two_saves_of_one_project_the_second_is_a_conflict()
    {
        using var store = _folder.Open();
        var saves = await WhileLockedAsync(() => [Save(store, Key(0), Of()), Save(store, Key(0), Of())]);
        var failed = 0;
        foreach (var save in saves)
        {
            try
            {
                await save;
            }
            catch (LedgerConflictException)
            {
                failed++;
            }
        }

        Assert.Equal(1, failed);
    }

    [Fact]
    public async Task A_project_whose_rows_cannot_be_read_fails_alone()
    {
        StoredLedger broken;
        using (var writer = _folder.Open())
            broken = await Save(writer, Key(0), Of(new PersonRecord("ana@x.example")));
        Raw("UPDATE people SET state = 'Nonsense'");
        using var store = _folder.Open();
        var saves = await WhileLockedAsync(() =>
            [
                Task.Run(() => store.SaveAsync(broken, Of(), [], Cancellation), Cancellation),
                Save(store, Key(1), Of()),
                Save(store, Key(2), Of()),
            ]
        );
        var failure = await Assert.ThrowsAsync<LedgerException>(() => saves[0]);
        Assert.Contains("Nonsense", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await saves[1]).Version);
        Assert.NotEmpty((await saves[2]).Version);
    }

    [Fact]
    public async Task Saves_that_are_on_disk_although_the_check_after_them_failed_are_done_once_they_are_repeated()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows moves no file that is open.");
        using var store = _folder.Open();
        var away = _folder.At("away.db");
        store.Committed = () =>
        {
            store.Committed = null;
            File.Move(_folder.File, away);
        };
        var saves = await WhileLockedAsync(() => [Save(store, Key(0), Of()), Save(store, Key(1), Of())]);
        foreach (var save in saves)
        {
            var failure = await Assert.ThrowsAsync<LedgerException>(() => save);
            Assert.Contains("moved away while it was in use", failure.Message, StringComparison.Ordinal);
        }

        File.Move(away, _folder.File);
        Assert.Null(await store.FindLossAsync(Cancellation));
        foreach (var number in new[] { 0, 1 })
            Assert.NotEmpty((await Save(store, Key(number), Of())).Version);
        Assert.Equal(2, (await store.HistoryAsync(new(), Cancellation)).Count);
        await Assert.ThrowsAsync<LedgerConflictException>(() => Save(store, Key(0), Of()));
    }

    [Fact]
    public async Task A_save_that_is_cancelled_while_it_waits_writes_nothing()
    {
        using var store = _folder.Open();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var saves = await WhileLockedAsync(() =>
        {
            // The first holds the turn, so the second can only wait.
            var first = Save(store, Key(0), Of());
            Thread.Sleep(TimeSpan.FromMilliseconds(500));
            var second = store.SaveAsync(new(Key(1), null, ""), Of(), [], cancelled.Token);
            cancelled.Cancel();
            return [first, second];
        });
        await saves[0];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saves[1]);
        Assert.Equal([Key(0)], (await store.LoadAllAsync(Cancellation)).Select(s => s.Key));
    }

    [Fact]
    public async Task An_intent_that_is_settled_takes_one_row_with_it()
    {
        using var store = _folder.Open();
        var intents = Enumerable.Range(0, 50).Select(i => Intent($"p{i}@x.example")).ToList();
        var stored = await store.SaveAsync(new(Project, null, ""), With(intents), [], Cancellation);
        Raw(
            """
            CREATE TABLE touched (what TEXT);
            CREATE TRIGGER t1 AFTER INSERT ON intents BEGIN INSERT INTO touched VALUES ('+'); END;
            CREATE TRIGGER t2 AFTER DELETE ON intents BEGIN INSERT INTO touched VALUES ('-'); END;
            """
        );
        intents.RemoveAt(3);
        stored = await store.SaveAsync(stored, With(intents), [], Cancellation);
        intents.RemoveAt(40);
        intents.Add(Intent("new@x.example"));
        await store.SaveAsync(stored, With(intents), [], Cancellation);
        using var raw = _folder.Raw();
        Assert.Equal(["-", "-", "+"], raw.Rows("SELECT what FROM touched ORDER BY rowid", r => r.GetString(0)));
        using var other = StateStore.OpenExisting(_folder.File)!;
        Assert.Equal(intents, (await other.LoadAsync(Project, Cancellation)).Ledger!.Intents);
    }

    public void Dispose() => _folder.Dispose();

    private static ProjectKey Key(int number) => Project with { ProjectId = $"p{number:00}" };

    private static WriteIntent Intent(string address) => new(ActionKind.Invite, address, address, Now);

    private static ProjectLedger With(IEnumerable<WriteIntent> intents) => Of() with { Intents = [.. intents] };

    // On a thread of its own, since it blocks while another program holds the lock.
    private static Task<StoredLedger> Save(StateStore store, ProjectKey key, ProjectLedger ledger) =>
        Task
            .Factory.StartNew(
                () =>
                    store.SaveAsync(
                        new(key, null, ""),
                        ledger,
                        [Entry("ana@x.example") with { Project = key }],
                        Cancellation
                    ),
                Cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();

    // Another program holds the file's lock until the saves wait.
    private async Task<Task<StoredLedger>[]> WhileLockedAsync(Func<Task<StoredLedger>[]> start)
    {
        using var other = _folder.Raw();
        using var transaction = other.BeginTransaction(deferred: false);
        var saves = start();
        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);
        await transaction.RollbackAsync(Cancellation);
        return saves;
    }

    private void Raw(string statement)
    {
        using var raw = _folder.Raw();
        raw.Run(statement);
    }

    // Frames of the log that end a transaction: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
    private int Commits()
    {
        using var log = File.Open($"{_folder.File}-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[log.Length];
        log.ReadExactly(bytes);
        if (bytes.Length < 32)
            return 0;
        var size = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8)) + 24;
        return Enumerable
            .Range(0, (bytes.Length - 32) / size)
            .Count(i => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(32 + (i * size) + 4)) != 0);
    }
}
