using Reconciler.Core.Ledgers;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>
/// An erased person is gone from the files of the server too; where they are not, a message says how to remove them.
/// </summary>
public sealed class ErasureTests : IDisposable
{
    private readonly PostgresBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static AuditEntry Note => new(Now, new("", "", ""), "", "erase", AuditOutcome.Done);

    // On a server of its own: a shared one keeps old rows as long as a connection of another test may still read them.
    [Fact]
    public async Task An_erased_person_is_gone_from_the_free_parts_of_the_tables()
    {
        using var server = new PostgresProcess();
        await using var store = StateStore.OpenOrCreate(server.Url("reconciler"));
        await store.SaveAsync(
            new(Project, null, ""),
            Of(),
            [Entry("dave@x.example"), Entry("bob@x.example")],
            Cancellation
        );
        Assert.True(IsInFile(server, "dave") && IsInFile(server, "bob"));
        Assert.Equal(1, await store.EraseAsync(ErasedPerson.WithAddress("dave@x.example"), Note, Cancellation));
        Assert.False(IsInFile(server, "dave"));
        Assert.True(IsInFile(server, "bob"));
    }

    [Fact]
    public async Task A_role_that_does_not_own_the_tables_is_told_how_the_old_rows_are_removed()
    {
        await using (var owner = _bench.Open())
            await owner.SaveAsync(new(Project, null, ""), Of(), [Entry("dave@x.example")], Cancellation);
        var role = $"eraser_{_bench.Schema}";
        _bench.Run(
            $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {_bench.Schema} TO {role}; "
                + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_bench.Schema} TO {role}"
        );
        await using var store = StateStore.OpenOrCreate(PostgresProcess.Shared.Url(_bench.Schema, role));
        var told = await Assert.ThrowsAsync<LedgerException>(() =>
            store.EraseAsync(ErasedPerson.WithAddress("dave@x.example"), Note, Cancellation)
        );
        Assert.Contains(
            "the person is erased, and old rows may still lie in the files of the server",
            told.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            $"the owner of the tables removes them with: SET search_path = {_bench.Schema}; "
                + "VACUUM (FULL) audit, people, intents, believed",
            told.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(await store.HistoryAsync(new() { Person = "dave@x.example" }, Cancellation));
    }

    public void Dispose() => _bench.Dispose();

    private static bool IsInFile(PostgresProcess server, string text)
    {
        using var connection = server.Connect("reconciler");
        using var command = connection.CreateCommand();
        command.CommandText = "CHECKPOINT";
        command.ExecuteNonQuery();
        command.CommandText =
            $"SELECT position('{text}'::bytea IN pg_read_binary_file(pg_relation_filepath('audit'))) > 0";
        return (bool)command.ExecuteScalar()!;
    }
}
