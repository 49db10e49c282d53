using Npgsql;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Testing;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>Two views that people query stay as docs/state.md says.</summary>
public sealed class ViewTests : IDisposable
{
    private readonly PostgresBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_access_now_is_a_row_for_each_person_and_project()
    {
        await WriteAsync();
        Assert.Equal(
            [
                "acme|https://api.acme.example/|p1|default/evals|ana@x.example|u1|member|true|admin, viewer|"
                    + "2026-03-02 09:00:00+00|2026-03-03 09:00:00+00|2",
                "acme|https://api.acme.example/|p1|default/evals|bob@x.example||invited|false||||0",
            ],
            _bench.Column(
                $"SET timezone = 'UTC'; SELECT concat_ws('|', {Listed("access_now")}) FROM access_now ORDER BY person"
            )
        );
    }

    [Fact]
    public async Task What_happened_is_a_row_for_each_entry_in_its_order()
    {
        await WriteAsync();
        Assert.Equal(
            [
                "1 2026-03-02 09:00:00+00 invite done ana@x.example f",
                "2 2026-03-02 10:00:00+00 remove settleddone bob@x.example t",
            ],
            _bench.Column(
                "SET timezone = 'UTC'; SELECT concat_ws(' ', number, at, action, outcome, person, counts_as_removal) "
                    + "FROM access_history ORDER BY number"
            )
        );
        Assert.Equal(
            ["ci"],
            _bench.Column("SELECT actor FROM access_history WHERE at > '2026-03-02 09:30+00' AND action = 'remove'")
        );
    }

    [Fact]
    public async Task A_role_with_rights_on_the_views_alone_reads_them_and_no_table()
    {
        await WriteAsync();
        var role = $"tool_{_bench.Schema}";
        _bench.Run(
            $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {_bench.Schema} TO {role}; "
                + $"GRANT SELECT ON access_now, access_history TO {role}"
        );
        Assert.Equal(
            ["2", "2"],
            _bench.Column(
                $"SET ROLE {role}; SELECT count(*) FROM access_now UNION ALL SELECT count(*) FROM access_history"
            )
        );
        var refused = Assert.Throws<PostgresException>(() =>
            _bench.Column($"SET ROLE {role}; SELECT count(*) FROM people")
        );
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("access_now")]
    [InlineData("access_history")]
    public void Each_column_stands_in_the_docs(string view)
    {
        _bench.Open().Dispose();
        var page = File.ReadAllText(Repository.At("docs/state.md"));
        var start = page.IndexOf($"`{view}`:", StringComparison.Ordinal);
        Assert.True(start > 0);
        var end = page.IndexOf("\n\n", start, StringComparison.Ordinal);
        var named = page[start..end].Split('`').Where((_, i) => i % 2 == 1).Skip(1);
        Assert.Equal(Columns(view), named);
    }

    public void Dispose() => _bench.Dispose();

    private List<string> Columns(string view) =>
        _bench.Column(
            "SELECT column_name::text FROM information_schema.columns "
                + $"WHERE table_schema = '{_bench.Schema}' AND table_name = '{view}' ORDER BY ordinal_position"
        );

    // An empty text where there is nothing, so that every column shows.
    private string Listed(string view) => string.Join(", ", Columns(view).Select(c => $"coalesce({c}::text, '')"));

    private async Task WriteAsync()
    {
        using var store = _bench.Open();
        var ledger = Of(
            new PersonRecord("ana@x.example")
            {
                PersonId = "u1",
                Owned = true,
                State = PersonState.Member,
                Asked = Access.Of([new("roles", "viewer", "Viewer"), new("roles", "admin", "Admin")]),
                InvitedAt = Now,
                SentAt = Now.AddDays(1),
                Resends = 2,
            },
            new PersonRecord("bob@x.example") { State = PersonState.Invited }
        ) with
        {
            Applied = new("file:people", "default/evals", "p1", Core.Manifests.Kinds.DeletionPolicy.Revoke, null),
        };
        var origin = new AuditOrigin { Actor = "ci" };
        await store.SaveAsync(
            new(Project, null, ""),
            ledger,
            [
                Entry("ana@x.example") with
                {
                    Origin = origin,
                },
                Entry("bob@x.example", "remove", AuditOutcome.SettledDone, Now.AddHours(1)) with
                {
                    Origin = origin,
                },
            ],
            Cancellation
        );
    }
}
