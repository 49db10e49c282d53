using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>
/// A state file, or a file beside it, that is deleted, moved or replaced while a process uses it: what would be lost is
/// never taken for saved.
/// </summary>
public sealed class StateTakenAwayTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Rescued => _folder.File + ".rescued";

    public StateTakenAwayTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes and moves no file that is open.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("-wal -shm")]
    public async Task A_deleted_state_is_saved_beside_its_place_and_the_command_that_is_told_puts_it_back(string more)
    {
        using (var store = _folder.Open())
        {
            var saved = await SaveAsync(store, 7);
            Delete(["", .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

            var refused = await FailAsync(store, saved);

            Assert.Contains("was deleted or moved away while it was in use", refused, StringComparison.Ordinal);
            Assert.Contains("nothing more is sent to any vendor", refused, StringComparison.Ordinal);
            Assert.Equal([Rescued], Directory.GetFiles(_folder.Path));
            Assert.Contains(
                $"{Rescued} holds what was saved",
                Assert.Throws<LedgerException>(() => _folder.Open()).Message,
                StringComparison.Ordinal
            );
            Assert.Throws<LedgerException>(() => StateStore.OpenExisting(_folder.File));
            Run(refused);
            Assert.Equal([_folder.File], Directory.GetFiles(_folder.Path));
        }

        Assert.Equal(7, await CountAsync());
    }

    [Fact]
    public async Task What_is_restored_is_not_mixed_with_the_log_of_the_deleted_file()
    {
        using var store = _folder.Open();
        await SaveAsync(store, 7);
        var backup = _folder.At("backup.db");
        await StateStore.BackupAsync(_folder.File, backup, Cancellation);
        var saved = await SaveAsync(store, 8);
        Delete("");
        File.Copy(backup, _folder.File);

        Assert.Contains("was replaced by another", await FailAsync(store, saved), StringComparison.Ordinal);

        Assert.Equal(7, await CountAsync());
        Assert.False(File.Exists(_folder.File + "-wal"));
        File.Move(Rescued, _folder.File, overwrite: true);
        Assert.Equal(8, await CountAsync());
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData("-wal -shm")]
    public async Task A_deleted_log_is_made_anew_and_nothing_is_lost(string deleted)
    {
        using (var store = _folder.Open())
        {
            await SaveAsync(store, 7);
            Delete(deleted.Split(' '));
            await SaveAsync(store, 8);
            Assert.Equal(8, await CountAsync());
            await SaveAsync(store, 9);
            Assert.Null(await store.FindLossAsync(Cancellation));
        }

        Assert.Equal(9, await CountAsync());
        Assert.False(File.Exists(Rescued));
    }

    [Fact]
    public async Task A_log_that_somebody_made_anew_is_not_written_over()
    {
        using var store = _folder.Open();
        var saved = await SaveAsync(store, 7);
        Delete("-wal", "-shm");
        foreach (var part in new[] { "-wal", "-shm" })
            File.WriteAllText(_folder.File + part, "another process's");

        Assert.Contains(
            "were replaced while they were in use",
            await FailAsync(store, saved),
            StringComparison.Ordinal
        );

        Assert.Equal("another process's", File.ReadAllText(_folder.File + "-wal"));
        Delete("", "-wal", "-shm");
        File.Move(Rescued, _folder.File);
        Assert.Equal(7, await CountAsync());
    }

    [Fact]
    public async Task A_folder_that_is_moved_away_is_noticed_and_used_again_once_it_is_back()
    {
        var (folder, away) = (_folder.At("state"), _folder.At("away"));
        using var store = StateStore.OpenOrCreate(Path.Combine(folder, "state.db"));
        var saved = await SaveAsync(store, 7);
        Directory.Move(folder, away);

        Assert.Contains("could not be saved beside it", await FailAsync(store, saved), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));

        Directory.Move(away, folder);
        await SaveAsync(store, 8);
        using var other = StateStore.OpenExisting(Path.Combine(folder, "state.db"))!;
        Assert.Equal(8, (await other.LoadAsync(Project, Cancellation)).Ledger!.TrustedCount);
    }

    [Fact]
    public async Task A_file_that_is_moved_away_and_back_is_used_on_and_its_copy_goes()
    {
        using var store = _folder.Open();
        var saved = await SaveAsync(store, 7);
        File.Move(_folder.File, _folder.At("away.db"));
        await FailAsync(store, saved);
        Assert.True(File.Exists(Rescued));

        File.Move(_folder.At("away.db"), _folder.File);

        await SaveAsync(store, 8);
        Assert.Equal(8, await CountAsync());
        Assert.False(File.Exists(Rescued));
    }

    [Fact]
    public async Task A_path_with_blanks_is_told_as_a_shell_reads_it()
    {
        var file = _folder.At("it's here/state.db");
        using var store = StateStore.OpenOrCreate(file);
        var saved = await SaveAsync(store, 7);
        File.Delete(file);

        Run(await FailAsync(store, saved));

        using var other = StateStore.OpenExisting(file)!;
        Assert.Equal(7, (await other.LoadAsync(Project, Cancellation)).Ledger!.TrustedCount);
    }

    [Fact]
    public async Task An_older_copy_is_not_used_while_what_was_saved_last_lies_beside_it()
    {
        using var store = _folder.Open();
        await SaveAsync(store, 7);
        var backup = _folder.At("backup.db");
        await StateStore.BackupAsync(_folder.File, backup, Cancellation);
        var saved = await SaveAsync(store, 8);
        Delete("");
        await FailAsync(store, saved);
        File.Move(backup, _folder.File);

        var refused =
            $"{Rescued} holds what was saved when the state file was taken away; put it in its place with: "
            + $"rm -f {_folder.File}-wal {_folder.File}-shm && mv {Rescued} {_folder.File}, "
            + $"or delete it to go on with {_folder.File}";
        Assert.Equal(refused, Assert.Throws<LedgerException>(() => _folder.Open()).Message);
        Assert.Equal(refused, Assert.Throws<LedgerException>(() => StateStore.OpenExisting(_folder.File)).Message);
        Assert.Equal(7, await CountAsync());
        await StateStore.BackupAsync(_folder.File, _folder.At("second.db"), Cancellation);

        using (var confirmed = StateStore.OpenOrCreate(_folder.File, mayBeOutdated: true))
            confirmed.Confirm();
        _folder.Open().Dispose();
        StateStore.OpenExisting(_folder.File)!.Dispose();
    }

    [Fact]
    public async Task An_empty_file_does_not_hide_what_was_saved_last()
    {
        using var store = _folder.Open();
        var saved = await SaveAsync(store, 7);
        Delete("");
        await FailAsync(store, saved);
        await File.WriteAllTextAsync(_folder.File, "", Cancellation);
        Assert.Throws<LedgerException>(() => _folder.Open());
        Assert.Throws<LedgerException>(() => StateStore.OpenExisting(_folder.File));
    }

    [Fact]
    public async Task A_second_file_that_is_taken_away_is_saved_beside_the_first()
    {
        using var first = _folder.Open();
        var saved = await SaveAsync(first, 7);
        Delete("");
        await FailAsync(first, saved);
        StateStore.OpenOrCreate(_folder.At("new.db")).Dispose();
        File.Move(_folder.At("new.db"), _folder.File);
        using var second = StateStore.OpenOrCreate(_folder.File, mayBeOutdated: true);
        saved = await SaveAsync(second, 8);
        Delete("");

        var told = await FailAsync(second, saved);

        Assert.Contains($"what it held is saved in {Rescued}-2;", told, StringComparison.Ordinal);
        Assert.Equal($"{Rescued}-2", StateStore.RescuedOf(_folder.File));
        Assert.Equal(7, await CountAsync(Rescued));
        Assert.Equal(8, await CountAsync($"{Rescued}-2"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_again_fails_every_call_until_it_can()
    {
        using var store = _folder.Open();
        var saved = await SaveAsync(store, 7);
        ((FileDatabase)store.Database).OpenAgain = (_, _) => throw new SqliteException("disk I/O error", 10);
        Delete("-wal", "-shm");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await Assert.ThrowsAsync<LedgerException>(() => store.FindLossAsync(Cancellation));
            await FailAsync(store, saved);
            await Assert.ThrowsAsync<LedgerException>(() => store.LoadAsync(Project, Cancellation));
            Assert.Throws<LedgerException>(() => store.Id);
        }

        ((FileDatabase)store.Database).OpenAgain = StateFile.OpenToWrite;
        Assert.Null(await store.FindLossAsync(Cancellation));
        await SaveAsync(store, 8);
        Assert.Equal(8, await CountAsync());
        Assert.False(File.Exists(Rescued));
    }

    [Fact]
    public async Task A_store_that_was_closed_says_so()
    {
        var store = _folder.Open();
        var saved = await SaveAsync(store, 7);
        store.Dispose();
        Assert.Contains("is not open", await FailAsync(store, saved), StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerException>(() => store.LoadAsync(Project, Cancellation));
        await Assert.ThrowsAsync<LedgerException>(() => store.FindLossAsync(Cancellation));
    }

    [Theory]
    [InlineData(
        "the state file /x was deleted or moved away while it was in use; what it held is saved in /x.rescued; "
            + "put it back with: mv /x.rescued /x; nothing is written at any vendor until it is put back",
        "the state file /x was deleted or moved away while it was in use"
    )]
    [InlineData(
        "another state file lies at /x than this worker wrote before; nothing is written at any vendor until",
        "another state file lies at /x than this worker wrote before"
    )]
    [InlineData("the token is wrong; renew it", "the token is wrong; renew it")]
    public void Commands_are_cut_from_what_readers_see(string message, string shown) =>
        Assert.Equal(shown, StateAdvice.Cut(message));

    private void Delete(params IEnumerable<string> parts)
    {
        foreach (var part in parts)
            File.Delete(_folder.File + part);
    }

    private async Task<int?> CountAsync(string? file = null)
    {
        using var other = StateStore.OpenExisting(file ?? _folder.File, mayBeOutdated: true)!;
        return (await other.LoadAsync(Project, Cancellation)).Ledger?.TrustedCount;
    }

    private static async Task<StoredLedger> SaveAsync(StateStore store, int count) =>
        await store.SaveAsync(
            await store.LoadAsync(Project, Cancellation),
            ProjectLedger.Empty with
            {
                TrustedCount = count,
            },
            [Entry("ana@x.example")],
            Cancellation
        );

    private static async Task<string> FailAsync(StateStore store, StoredLedger before) =>
        (
            await Assert.ThrowsAsync<LedgerException>(() =>
                store.SaveAsync(before, ProjectLedger.Empty with { TrustedCount = 99 }, [], Cancellation)
            )
        ).Message;

    // The command stands after "with:" and ends with the sentence.
    private static void Run(string message)
    {
        var command = message.Split("put it back with: ")[1].Split(". Nothing more")[0];
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]))!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
