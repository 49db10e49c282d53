using Reconciler.Core.Actions;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests;

/// <summary>A state goes from a file to PostgreSQL and back, whole or not at all.</summary>
public sealed class StateMoveTests : IDisposable
{
    private readonly FileBench _file = new();
    private readonly PostgresBench _server = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_state_that_went_to_the_server_and_back_is_the_same_with_its_chain()
    {
        var (before, id) = await WriteAsync(_file);
        using (var source = _file.Open())
            Assert.Contains(("people", 2L), StateMove.Move(source, _server.Place));
        using (var there = _server.Read())
        {
            await IsSameAsync(before, there);
            Assert.Equal(id, there.Id);
        }

        // It goes on there: numbers follow those that came along.
        using (var there = _server.Open())
        {
            var stored = await there.LoadAsync(Project, Cancellation);
            await there.SaveAsync(stored, stored.Ledger, [Entry("later")], Cancellation);
            var other = Project with { ProjectId = "p2" };
            await there.SaveAsync(new(other, null, ""), Of(), [], Cancellation);
            before = await there.LoadAllAsync(Cancellation);
            Assert.Null(AuditChain.FirstBroken(Assert.Single(await there.TrailsAsync(Cancellation)).Entries));
            Assert.Contains(("audit", 4L), StateMove.Move(there, _folder.File));
        }

        using var back = StateStore.OpenExisting(_folder.File)!;
        await IsSameAsync(before, back);
        Assert.Null(AuditChain.FirstBroken(Assert.Single(await back.TrailsAsync(Cancellation)).Entries));
        Assert.Equal(id, back.Id);
    }

    [Fact]
    public async Task A_state_that_was_moved_is_refused_also_where_it_is_open()
    {
        await WriteAsync(_file);
        using var open = _file.Open();
        var stored = await open.LoadAsync(Project, Cancellation);
        using (var source = _file.Open())
            StateMove.Move(source, _server.Place);
        var named = StatePlace.Name(_server.Place);
        var expected = $"{_file.Place} was moved to {named}; name that with --state or RECONCILER_STATE";
        Assert.Equal(expected, Assert.Throws<LedgerException>(() => _file.Open()).Message);
        Assert.Equal(expected, Assert.Throws<LedgerException>(() => _file.Read()).Message);
        var late = await Assert.ThrowsAsync<LedgerException>(() => open.SaveAsync(stored, null, [], Cancellation));
        Assert.Equal(expected, late.Message);
        // It can be looked at.
        using var looked = StateStore.OpenExisting(_file.Place, mayBeOutdated: true)!;
        Assert.Single(await looked.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_is_moved_over_another_state_nor_from_none()
    {
        await WriteAsync(_file);
        await WriteAsync(_server);
        using var source = _file.Open();
        Assert.EndsWith(
            "holds a state already, and is not overwritten; name another schema",
            Assert.Throws<LedgerException>(() => StateMove.Move(source, _server.Place)).Message,
            StringComparison.Ordinal
        );
        File.WriteAllText(_folder.File, "x");
        Assert.EndsWith(
            "exists already, and is not overwritten; name another file",
            Assert.Throws<LedgerException>(() => StateMove.Move(source, _folder.File)).Message,
            StringComparison.Ordinal
        );
        // The state is as it was.
        await source.SaveAsync(await source.LoadAsync(Project, Cancellation), null, [], Cancellation);
        using var empty = StateStore.OpenOrCreate(_folder.At("empty.db"));
        Assert.EndsWith(
            "holds nothing, so there is nothing to move",
            Assert.Throws<LedgerException>(() => StateMove.Move(empty, _folder.At("c.db"))).Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_folder.At("c.db")));
    }

    [Fact]
    public async Task A_copy_that_differs_is_taken_back()
    {
        await WriteAsync(_file);
        _server.Open().Dispose();
        _server.Run(
            """
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN NEW.reason := NEW.reason || '!'; RETURN NEW; END $$;
            CREATE TRIGGER spoil BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION spoil();
            """
        );
        using var source = _file.Open();
        Assert.Equal(
            "the copy differs from the state in the table audit (3 rows sent, 3 arrived), and is not used",
            Assert.Throws<LedgerException>(() => StateMove.Move(source, _server.Place)).Message
        );
        Assert.Equal(["0"], _server.Column("SELECT count(*) FROM projects"));
        Assert.Single(await source.LoadAllAsync(Cancellation));
    }

    [Fact]
    public async Task A_move_from_the_server_waits_for_what_is_being_written_and_brings_it_along()
    {
        await WriteAsync(_server);
        using var source = _server.Open();
        using var other = _server.Connect();
        using var writing = other.BeginTransaction();
        StateBench.Run(
            other,
            "INSERT INTO projects (vendor_type, base_url, project_id, version, released) "
                + "VALUES ('acme', 'https://eu.acme.example/', 'p9', 1, '[]')"
        );
        var moved = Task.Run(() => StateMove.Move(source, _folder.File), Cancellation);
        await Eventually.Async(IsSomebodyWaiting);
        writing.Commit();
        Assert.Contains(("projects", 2L), await moved);
    }

    [Fact]
    public async Task A_save_that_waits_while_the_state_is_moved_is_refused()
    {
        await WriteAsync(_server);
        using var store = _server.Open();
        var stored = await store.LoadAsync(Project, Cancellation);
        using var other = _server.Connect();
        using var moving = other.BeginTransaction();
        StateBench.Run(
            other,
            "LOCK TABLE rights IN EXCLUSIVE MODE; INSERT INTO about (name, value) VALUES ('moved', 'elsewhere.db')"
        );
        var late = Task.Run(() => store.SaveAsync(stored, null, [], Cancellation), Cancellation);
        await Eventually.Async(IsSomebodyWaiting);
        moving.Commit();
        Assert.EndsWith(
            "was moved to elsewhere.db; name that with --state or RECONCILER_STATE",
            (await Assert.ThrowsAsync<LedgerException>(() => late)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_backup_of_the_server_is_a_file_that_is_restored_to_either()
    {
        var (before, _) = await WriteAsync(_server);
        var backup = _folder.At("backup.db");
        await StateStore.BackupAsync(_server.Place, backup, Cancellation);
        using (var copy = StateStore.OpenExisting(backup)!)
            await IsSameAsync(before, copy);
        using var other = new PostgresBench();
        foreach (var place in new[] { other.Place, _folder.At("restored.db"), _folder.At(".reconciler/state.db") })
        {
            StateMove.Restore(backup, place);
            using var restored = StateStore.OpenExisting(place)!;
            await IsSameAsync(before, restored);
        }

        Assert.True(File.Exists(_folder.At(".reconciler/.gitignore")));
        Assert.Throws<LedgerException>(() => StateMove.Restore(backup, _server.Place));
        Assert.EndsWith(
            "none.db does not exist or is empty, so there is nothing to restore",
            Assert.Throws<LedgerException>(() => StateMove.Restore(_folder.At("none.db"), other.Place)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        _file.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private bool IsSomebodyWaiting() =>
        _server.Column(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = pg_locks.relation "
                + $"WHERE NOT granted AND relnamespace = '{_server.Schema}'::regnamespace"
        )
            is ["1"];

    private static async Task IsSameAsync(IReadOnlyList<StoredLedger> before, StateStore after)
    {
        var all = await after.LoadAllAsync(Cancellation);
        Assert.Equal(before, all);
        Assert.Equal(Now, Assert.Single(await after.FirstSeenAsync(Cancellation)).Value);
    }

    private static async Task<(IReadOnlyList<StoredLedger>, string)> WriteAsync(StateBench bench)
    {
        using var store = bench.Open();
        var ledger = Of(
            new PersonRecord("ana@x.example")
            {
                PersonId = "u1",
                Owned = true,
                Asked = Access.Of([new("roles", "viewer", "Viewer")]),
                InvitedAt = Now,
            },
            new PersonRecord("grüße@x.example")
        ) with
        {
            TrustedCount = 2,
            Intents = [new(ActionKind.Invite, "bob@x.example", "bob@x.example", Now)],
            Released = ["sha256:1"],
        };
        await store.SaveAsync(
            new(Project, null, ""),
            ledger,
            [Entry("ana@x.example"), Entry("bob@x.example", "remove"), Entry("cyd@x.example")],
            Cancellation
        );
        await store.SeeAsync(["default/a hold:sha256:1"], Now, Cancellation);
        return (await store.LoadAllAsync(Cancellation), store.Id);
    }
}
