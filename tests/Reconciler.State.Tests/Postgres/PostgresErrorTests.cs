using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>What PostgreSQL refuses is said in words that tell what to do, and never with a password.</summary>
public sealed class PostgresErrorTests : IDisposable
{
    private readonly PostgresBench _bench = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_server_that_is_not_there_cannot_be_reached()
    {
        var message = Refusal(PostgresProcess.Shared.Url("reconciler", port: 1));
        Assert.StartsWith(
            "postgres://postgres@127.0.0.1:1/postgres?schema=reconciler cannot be reached: ",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_database_that_is_not_there_is_named_with_the_statement_that_makes_it() =>
        Assert.Equal(
            $"postgres://postgres@127.0.0.1:{PostgresProcess.Shared.Port}/nothing?schema=reconciler cannot be used: "
                + "the server has no such database; make it with: CREATE DATABASE nothing",
            Refusal($"postgres://postgres@127.0.0.1:{PostgresProcess.Shared.Port}/nothing")
        );

    [Fact]
    public async Task A_password_comes_from_a_file_and_a_wrong_one_is_refused_without_showing_it()
    {
        PostgresProcess.Shared.MakeLocked();
        var file = _folder.At("password");
        var url = $"{PostgresProcess.Shared.NewUrl(PostgresProcess.Locked)}&passwordfile={file}";
        await File.WriteAllTextAsync(file, $"{PostgresProcess.LockedPassword}\n", Cancellation);
        await using (var store = StateStore.OpenOrCreate(url))
            Assert.Empty(await store.LoadAllAsync(Cancellation));
        await File.WriteAllTextAsync(file, "wrong-password", Cancellation);
        var message = Refusal(url);
        Assert.Contains("refuses the user locked; check the user, and the password", message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("the password cannot be read", Refusal(url), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_only_read_plans_and_is_told_the_grant_that_an_apply_needs()
    {
        await using (var store = _bench.Open())
            await store.SaveAsync(
                new(Project, null, ""),
                Of(new PersonRecord("ana@x.example")),
                [Entry("ana")],
                Cancellation
            );
        var role = $"reader_{_bench.Schema}";
        _bench.Run($"CREATE ROLE {role} LOGIN");
        var url = PostgresProcess.Shared.Url(_bench.Schema, role);
        Assert.EndsWith(
            "cannot be read: a right is missing; an administrator gives it with: "
                + $"GRANT USAGE ON SCHEMA {_bench.Schema} TO \"{role}\"; "
                + $"GRANT SELECT ON ALL TABLES IN SCHEMA {_bench.Schema} TO \"{role}\"",
            Assert.Throws<LedgerException>(() => StateStore.OpenExisting(url)).Message,
            StringComparison.Ordinal
        );
        _bench.Run(
            $"GRANT USAGE ON SCHEMA {_bench.Schema} TO {role}; "
                + $"GRANT SELECT ON ALL TABLES IN SCHEMA {_bench.Schema} TO {role}"
        );
        await using (var reader = StateStore.OpenExisting(url)!)
        {
            Assert.Single((await reader.LoadAsync(Project, Cancellation)).Ledger!.People);
            Assert.Single(await reader.HistoryAsync(new(), Cancellation));
        }

        Assert.EndsWith(
            "can be read, and not be written: a right is missing; an administrator gives it with: "
                + $"GRANT USAGE ON SCHEMA {_bench.Schema} TO \"{role}\"; "
                + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_bench.Schema} TO \"{role}\"",
            Refusal(url),
            StringComparison.Ordinal
        );
        _bench.Run($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_bench.Schema} TO {role}");
        await using var writer = StateStore.OpenOrCreate(url);
        await writer.SaveAsync(await writer.LoadAsync(Project, Cancellation), null, [], Cancellation);
    }

    [Fact]
    public void A_role_that_may_make_no_schema_is_told_the_grant()
    {
        _bench.Run($"CREATE ROLE nobody_{_bench.Schema} LOGIN");
        Assert.EndsWith(
            $"gives it with: GRANT CREATE ON DATABASE postgres TO \"nobody_{_bench.Schema}\"",
            Refusal(PostgresProcess.Shared.Url(_bench.Schema, $"nobody_{_bench.Schema}")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_role_that_may_make_no_tables_in_a_schema_that_is_there_is_told_the_grant()
    {
        var role = $"filler_{_bench.Schema}";
        _bench.Run(
            $"CREATE SCHEMA {_bench.Schema}; CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {_bench.Schema} TO {role}"
        );
        var url = PostgresProcess.Shared.Url(_bench.Schema, role);
        Assert.EndsWith(
            "cannot be made: a right is missing; an administrator gives it with: "
                + $"GRANT USAGE, CREATE ON SCHEMA {_bench.Schema} TO \"{role}\"",
            Refusal(url),
            StringComparison.Ordinal
        );
        _bench.Run($"GRANT USAGE, CREATE ON SCHEMA {_bench.Schema} TO {role}");
        StateStore.OpenOrCreate(url).Dispose();
    }

    [Fact]
    public void A_database_that_is_not_in_utf8_is_refused()
    {
        var database = $"latin_{_bench.Schema}";
        _bench.Run($"CREATE DATABASE {database} ENCODING 'LATIN1' TEMPLATE template0");
        Assert.EndsWith(
            "stores text as LATIN1; expected a database with the encoding UTF8",
            Refusal($"postgres://postgres@127.0.0.1:{PostgresProcess.Shared.Port}/{database}"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_schema_of_a_newer_version_or_of_another_program_is_refused()
    {
        _bench.Open().Dispose();
        _bench.Run(
            """
            UPDATE about SET value = '99' WHERE name = 'schema_version';
            UPDATE about SET value = '9.8.7' WHERE name = 'written_by';
            """
        );
        var expected =
            "was written by Reconciler 9.8.7 in a form that this version does not know (schema 99, known up to 1); use "
            + "that version, or a newer one";
        Assert.EndsWith(expected, Refusal(_bench.Place), StringComparison.Ordinal);
        Assert.EndsWith(
            expected,
            Assert.Throws<LedgerException>(() => StateStore.OpenExisting(_bench.Place)).Message,
            StringComparison.Ordinal
        );
        using var other = new PostgresBench();
        other.Run($"CREATE SCHEMA {other.Schema}; CREATE TABLE {other.Schema}.songs (title text)");
        Assert.EndsWith(
            "the schema holds the tables of another program; name another schema",
            Refusal(other.Place),
            StringComparison.Ordinal
        );
    }

    public void Dispose()
    {
        _folder.Dispose();
        _bench.Dispose();
    }

    private static string Refusal(string url) =>
        Assert.Throws<LedgerException>(() => StateStore.OpenOrCreate(url)).Message;
}
