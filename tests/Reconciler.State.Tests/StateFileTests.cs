using Microsoft.Data.Sqlite;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing;
using Reconciler.Testing.Fuzzing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>The state file itself: made for its owner alone, never changed by a reader, never guessed at.</summary>
public sealed class StateFileTests : IDisposable
{
    // What a later version could add.
    private static readonly StateSchema Later = new([
        .. StateSchema.Current.Steps,
        "ALTER TABLE projects ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",
    ]);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_reader_finds_nothing_where_nothing_is_and_makes_nothing()
    {
        Assert.Null(StateStore.OpenExisting(_folder.At("no/such/state.db")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task An_empty_file_is_an_empty_ledger()
    {
        File.WriteAllBytes(_folder.File, []);
        Assert.Null(StateStore.OpenExisting(_folder.File));
        Assert.Empty(File.ReadAllBytes(_folder.File));
        await SaveAsync();
        using var store = StateStore.OpenExisting(_folder.File)!;
        Assert.Single(await store.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task A_reader_changes_no_byte_of_the_file_also_where_it_is_an_older_one()
    {
        await SaveAsync();
        var (bytes, time) = (File.ReadAllBytes(_folder.File), File.GetLastWriteTimeUtc(_folder.File));
        foreach (var schema in new[] { StateSchema.Current, Later })
        {
            using var store = StateStore.OpenExisting(_folder.File, schema: schema)!;
            Assert.Equal("ana@x.example", (await store.LoadAsync(Project, Cancellation)).Ledger!.People.Single().Email);
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                store.SaveAsync(new(Project, null, ""), null, [], Cancellation)
            );
        }

        Assert.Equal(bytes, File.ReadAllBytes(_folder.File));
        Assert.Equal(time, File.GetLastWriteTimeUtc(_folder.File));
    }

    [Fact]
    public async Task An_older_file_is_brought_up_to_date_by_a_writer_with_all_that_is_in_it()
    {
        await SaveAsync();
        using (var store = _folder.Open(Later))
            Assert.Equal("ana@x.example", (await store.LoadAsync(Project, Cancellation)).Ledger!.People.Single().Email);
        using var raw = _folder.Raw();
        Assert.Equal(Later.Steps.Length, raw.Number("PRAGMA user_version"));
        Assert.Equal(["none"], raw.Rows("SELECT note FROM projects", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_older_file()
    {
        await SaveAsync();
        var broken = new StateSchema([.. Later.Steps, "ALTER TABLE nothing ADD COLUMN x"]);
        Assert.StartsWith(
            $"{_folder.File} cannot be used: ",
            Assert.Throws<LedgerException>(() => _folder.Open(broken)).Message,
            StringComparison.Ordinal
        );
        using (var raw = _folder.Raw())
        {
            Assert.Equal(StateSchema.Current.Steps.Length, raw.Number("PRAGMA user_version"));
            Assert.Equal(0, raw.Number("SELECT count(*) FROM pragma_table_info('projects') WHERE name = 'note'"));
        }

        await SaveAsync();
    }

    [Theory]
    [InlineData("null-in-key")]
    [InlineData("null-in-trail")]
    public async Task A_file_that_holds_NULL_where_its_table_forbids_it_says_that_it_is_damaged(string input)
    {
        File.WriteAllBytes(_folder.File, FuzzCorpus.Read("state", input));
        var refused = await Assert.ThrowsAsync<LedgerException>(async () =>
        {
            using var store = StateStore.OpenExisting(_folder.File)!;
            await store.LoadAllAsync(Cancellation);
            await store.TrailsAsync(Cancellation);
        });
        Assert.Contains("holds something that Reconciler did not write", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE people SET resends = 9999999999999")]
    [InlineData("UPDATE people SET state = '7'")]
    public async Task A_number_that_is_too_large_or_stands_for_a_word_is_nothing_that_was_written(string statement)
    {
        await SaveAsync();
        using (var raw = _folder.Raw())
            raw.Run(statement);
        using var store = StateStore.OpenExisting(_folder.File)!;
        var refused = await Assert.ThrowsAsync<LedgerException>(() => store.LoadAllAsync(Cancellation));
        Assert.Contains("holds something that Reconciler did not write", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_by_name_of_that_version()
    {
        await SaveAsync();
        _folder.Open(Later).Dispose();
        using (var raw = _folder.Raw())
            raw.Run("UPDATE about SET value = '9.8.7'");
        var bytes = File.ReadAllBytes(_folder.File);
        var known = StateSchema.Current.Steps.Length;
        var expected =
            $"{_folder.File} was written by Reconciler 9.8.7 in a form that this version does not know "
            + $"(schema {known + 1}, known up to {known}); use that version, or a newer one";
        Assert.Equal(expected, Assert.Throws<LedgerException>(() => StateStore.OpenExisting(_folder.File)).Message);
        Assert.Equal(expected, Assert.Throws<LedgerException>(() => _folder.Open()).Message);
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File));
        using (var raw = _folder.Raw())
            raw.Run("DROP TABLE about");
        Assert.Contains(
            "was written by a newer Reconciler",
            Assert.Throws<LedgerException>(() => _folder.Open()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Other_programs_files_are_refused_and_left_as_they_are()
    {
        using (var raw = _folder.Raw())
            raw.Run("CREATE TABLE songs (title TEXT)");
        var bytes = File.ReadAllBytes(_folder.File);
        Assert.All(
            Opened(_folder.File),
            m => Assert.Equal($"{_folder.File} is the database of another program; name another file with --state", m)
        );
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File));
        File.WriteAllText(_folder.At("notes.txt"), new string('x', 2_000));
        Assert.All(
            Opened(_folder.At("notes.txt")),
            m =>
                Assert.EndsWith(
                    "notes.txt is no state file of Reconciler; name another file with --state",
                    m,
                    StringComparison.Ordinal
                )
        );
        Directory.CreateDirectory(_folder.At("folder"));
        Assert.All(
            Opened(_folder.At("folder")),
            m => Assert.EndsWith("folder is a folder; name a file with --state", m, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_file_whose_content_was_damaged_says_so()
    {
        await SaveAsync();
        using (var raw = _folder.Raw())
            raw.Run("UPDATE projects SET released = 'x'");
        using (var store = StateStore.OpenExisting(_folder.File)!)
        {
            var failure = await Assert.ThrowsAsync<LedgerException>(() => store.LoadAllAsync(Cancellation));
            Assert.Contains("holds something that Reconciler did not write", failure.Message, StringComparison.Ordinal);
        }

        using (var raw = _folder.Raw())
            raw.Run("UPDATE projects SET released = '[]'; UPDATE people SET state = 'Elsewhere'");
        using var again = _folder.Open();
        Assert.Contains(
            "\"Elsewhere\" is no PersonState",
            (await Assert.ThrowsAsync<LedgerException>(() => again.LoadAllAsync(Cancellation))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(13, "cannot be written: the disk is full. Nothing was saved; make room and run again")]
    [InlineData(11, "is damaged; restore a backup, or move the file away to start without one")]
    [InlineData(8, "cannot be written: the file or its folder is read-only")]
    [InlineData(14, "cannot be opened: the file or its folder cannot be read or written by this user")]
    [InlineData(10, "cannot be read or written: the disk reports an error")]
    public void What_the_database_says_is_said_in_words(int code, string words)
    {
        var failure = Assert.Throws<LedgerException>(() =>
            StateErrors.Guard<int>("s.db", () => throw new SqliteException("x", code))
        );
        Assert.Equal($"s.db {words}", failure.Message);
    }

    [Fact]
    public async Task The_file_and_its_log_are_for_the_owner_alone_and_out_of_git()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no such modes.");
        var path = _folder.At(".reconciler/state.db");
        using var store = StateStore.OpenOrCreate(path);
        await store.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        Assert.Equal("*\n", File.ReadAllText(_folder.At(".reconciler/.gitignore")));
        string[] files = [path, $"{path}-wal", $"{path}-shm"];
        foreach (var file in files)
            IsForTheOwnerAlone(file);
        StateStore.OpenOrCreate(_folder.At("mine/state.db")).Dispose();
        Assert.Equal([_folder.At("mine/state.db")], Directory.GetFileSystemEntries(_folder.At("mine")));
    }

    [Fact]
    public async Task A_name_with_signs_of_its_own_names_that_file()
    {
        var path = _folder.At("a b;Mode=Memory?#%20'.db");
        using (var store = StateStore.OpenOrCreate(path))
            await store.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        using var reader = StateStore.OpenExisting(path)!;
        Assert.Single(await reader.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_version_1_wrote_reads_the_same_for_ever()
    {
        using (var raw = _folder.Raw())
            raw.Run(File.ReadAllText(Repository.At("tests/Reconciler.State.Tests/version1.sql")));
        using var store = StateStore.OpenExisting(_folder.File)!;
        var stored = Assert.Single(await store.LoadAllAsync(Cancellation));
        var view = Access.Of([new("roles", "viewer", "viewer")]);
        var expected = Of(
            new PersonRecord("ana@x.example")
            {
                PersonId = "u1",
                Owned = true,
                State = PersonState.Member,
                Asked = view,
            },
            new PersonRecord("bob@x.example")
            {
                Owned = true,
                State = PersonState.Invited,
                InvitedAt = Now,
                SentAt = Now.AddDays(1).AddTicks(1),
                Resends = 1,
                Change = "c",
                Repeats = 2,
            }
        ) with
        {
            TrustedCount = 7,
            Released = ["sha256:1"],
            // Version 1 did not say who states a limit.
            Applied = new(
                "file:people",
                "default/evals",
                "p1",
                Reconciler.Core.Manifests.Kinds.DeletionPolicy.Revoke,
                null
            ),
            Intents =
            [
                new(Reconciler.Core.Membership.ActionKind.Replace, "bob@x.example", "bob@x.example", Now)
                {
                    InvitationId = "i1",
                    Access = new(view, ["roles"]),
                    Asked = view,
                    IsReminder = true,
                    Reason = "due",
                    Plan = "sha256:2",
                },
            ],
        };
        Assert.Equal(Project, stored.Key);
        Assert.Equal(expected, stored.Ledger);
        Assert.Equal("approve", Assert.Single(await store.HistoryAsync(new(), Cancellation)).Action);
    }

    [Fact]
    public async Task A_backup_is_one_whole_file_of_the_owner_and_overwrites_nothing()
    {
        await SaveAsync();
        using var open = _folder.Open();
        await open.SaveAsync(
            await open.LoadAsync(Project, Cancellation),
            Of(new PersonRecord("bob@x.example")),
            [Entry("bob@x.example")],
            Cancellation
        );
        var target = _folder.At("backup.db");
        await StateStore.BackupAsync(_folder.File, target, Cancellation);
        Assert.Equal([target], Directory.GetFiles(_folder.Path, "backup*"));
        IsForTheOwnerAlone(target);
        using (var copy = StateStore.OpenOrCreate(target))
        {
            Assert.Equal(
                (await open.LoadAsync(Project, Cancellation)).Ledger,
                (await copy.LoadAsync(Project, Cancellation)).Ledger
            );
            Assert.Single(await copy.HistoryAsync(new(), Cancellation));
        }

        var bytes = File.ReadAllBytes(target);
        var taken = await Assert.ThrowsAsync<LedgerException>(() =>
            StateStore.BackupAsync(_folder.File, target, Cancellation)
        );
        Assert.Equal($"{target} exists already, and is not overwritten; name another file", taken.Message);
        Assert.Equal(bytes, File.ReadAllBytes(target));
        var nothing = await Assert.ThrowsAsync<LedgerException>(() =>
            StateStore.BackupAsync(_folder.At("none.db"), _folder.At("b.db"), Cancellation)
        );
        Assert.EndsWith(
            "none.db does not exist, so there is nothing to back up",
            nothing.Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private static void IsForTheOwnerAlone(string file)
    {
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static IEnumerable<string> Opened(string path) =>
        [
            Assert.Throws<LedgerException>(() => StateStore.OpenExisting(path)).Message,
            Assert.Throws<LedgerException>(() => StateStore.OpenOrCreate(path)).Message,
        ];

    private async Task SaveAsync()
    {
        using var store = _folder.Open();
        await store.SaveAsync(
            await store.LoadAsync(Project, Cancellation),
            Of(new PersonRecord("ana@x.example")),
            [],
            Cancellation
        );
    }
}
