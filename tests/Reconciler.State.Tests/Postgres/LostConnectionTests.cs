using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>A connection that is lost loses no save, and makes none twice.</summary>
public sealed class LostConnectionTests : IDisposable
{
    private readonly PostgresBench _bench = new();
    private readonly CuttingProxy _proxy = new(PostgresProcess.Shared.Port);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Url => PostgresProcess.Shared.Url(_bench.Schema, port: _proxy.Port);

    // Every statement of a save in turn, before the server gets it and before its answer arrives.
    [Theory]
    [InlineData("FROM rights", Cut.BeforeStatement)]
    [InlineData("FROM rights", Cut.BeforeAnswer)]
    [InlineData("pg_current_xact_id", Cut.BeforeAnswer)]
    [InlineData("FROM projects", Cut.BeforeStatement)]
    [InlineData("INSERT INTO audit", Cut.BeforeStatement)]
    [InlineData("INSERT INTO audit", Cut.BeforeAnswer)]
    [InlineData("INSERT INTO people", Cut.BeforeAnswer)]
    [InlineData("UPDATE projects", Cut.BeforeAnswer)]
    [InlineData("COMMIT", Cut.BeforeStatement)]
    [InlineData("COMMIT", Cut.BeforeAnswer)]
    public async Task A_save_whose_connection_is_cut_is_saved_once_or_not_at_all(string statement, Cut cut)
    {
        await using var store = StateStore.OpenOrCreate(Url);
        var before = await store.SaveAsync(new(Project, null, ""), Of(), [Entry("first")], Cancellation);
        // Statements that ran twice are known to the server by a name, so the store is new where that would hide one.
        await using var again = StateStore.OpenOrCreate(Url);
        _proxy.Arm(statement, cut);
        StoredLedger saved;
        try
        {
            saved = await again.SaveAsync(before, Of(new PersonRecord("ana@x.example")), [Entry("ana")], Cancellation);
        }
        catch (LedgerException)
        {
            saved = await again.SaveAsync(before, Of(new PersonRecord("ana@x.example")), [Entry("ana")], Cancellation);
        }

        Assert.Equal(1, _proxy.Cuts);
        await again.SaveAsync(saved, saved.Ledger! with { TrustedCount = 1 }, [Entry("last")], Cancellation);
        await using var reader = _bench.Read();
        Assert.Equal(["last", "ana", "first"], (await reader.HistoryAsync(new(), Cancellation)).Select(e => e.Person));
        Assert.Null(AuditChain.FirstBroken(Assert.Single(await reader.TrailsAsync(Cancellation)).Entries));
        Assert.Equal("ana@x.example", (await reader.LoadAsync(Project, Cancellation)).Ledger!.People.Single().Email);
    }

    [Fact]
    public async Task A_save_that_goes_further_than_one_of_unknown_outcome_adds_only_the_rest()
    {
        await using var store = StateStore.OpenOrCreate(Url);
        var before = await store.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        store.Committed = () =>
        {
            store.Committed = null;
            throw new LedgerException("the check failed");
        };
        await Assert.ThrowsAsync<LedgerException>(() =>
            store.SaveAsync(before, Of(new PersonRecord("ana@x.example")), [Entry("ana")], Cancellation)
        );
        await store.SaveAsync(
            before,
            Of(new PersonRecord("ana@x.example"), new PersonRecord("bob@x.example")),
            [Entry("ana"), Entry("bob")],
            Cancellation
        );
        Assert.Equal(["bob", "ana"], (await store.HistoryAsync(new(), Cancellation)).Select(e => e.Person));
        Assert.Equal(2, (await store.LoadAsync(Project, Cancellation)).Ledger!.People.Length);
    }

    [Fact]
    public async Task A_read_whose_session_the_server_ended_is_read_over_another_one()
    {
        await using var store = StateStore.OpenOrCreate(Url);
        await store.SaveAsync(new(Project, null, ""), Of(new PersonRecord("ana@x.example")), [], Cancellation);
        _proxy.Arm("FROM projects", Cut.BeforeAnswer);
        Assert.Single((await store.LoadAsync(Project, Cancellation)).Ledger!.People);
        Assert.Null(await store.FindLossAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_that_was_killed_and_started_again_has_every_save_that_was_answered()
    {
        using var server = new PostgresProcess();
        var url = server.Url("reconciler");
        await using var store = StateStore.OpenOrCreate(url);
        var stored = await store.SaveAsync(new(Project, null, ""), Of(), [Entry("p0")], Cancellation);
        for (var round = 1; round <= 3; round++)
        {
            server.Kill();
            var failure = await Assert.ThrowsAsync<LedgerException>(() =>
                store.SaveAsync(stored, Of() with { TrustedCount = round }, [Entry($"p{round}")], Cancellation)
            );
            Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
            Assert.Contains("cannot be reached", await store.FindLossAsync(Cancellation), StringComparison.Ordinal);
            server.Start();
            Assert.Null(await store.FindLossAsync(Cancellation));
            stored = await store.SaveAsync(
                stored,
                Of() with
                {
                    TrustedCount = round,
                },
                [Entry($"p{round}")],
                Cancellation
            );
        }

        Assert.Equal(["p3", "p2", "p1", "p0"], (await store.HistoryAsync(new(), Cancellation)).Select(e => e.Person));
    }

    [Fact]
    public async Task A_state_that_was_emptied_under_a_worker_is_another_state()
    {
        await using var store = _bench.Open();
        await store.SaveAsync(new(Project, null, ""), Of(), [], Cancellation);
        _bench.Run($"DROP SCHEMA {_bench.Schema} CASCADE");
        using (_bench.Open())
            await Task.Delay(TimeSpan.FromMilliseconds(1_100), TimeProvider.System, Cancellation);
        Assert.Contains("another state lies at", await store.FindLossAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(store.IsInPlace);
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _bench.Dispose();
    }
}
