using Reconciler.Core.Ports;
using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Postgres;

/// <summary>
/// A proxy that gives each transaction another session is refused at the start: no lock holds behind it.
/// </summary>
public sealed class PoolerTests : IDisposable
{
    private readonly PostgresBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task A_proxy_that_pools_by_transaction_is_refused(string mode)
    {
        using var pooler = await PoolerProcess.StartAsync(mode);
        var url = PostgresProcess.Shared.Url(_bench.Schema, port: pooler.Port);
        var expected =
            "is reached through a proxy that pools by transaction, which cannot hold a lock; name the server itself, "
            + "or a port of the proxy that pools by session";
        Assert.EndsWith(
            expected,
            Assert.Throws<LedgerException>(() => StateStore.OpenOrCreate(url)).Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            expected,
            Assert.Throws<LedgerException>(() => StateStore.OpenExisting(url)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_proxy_that_pools_by_session_is_used()
    {
        using var pooler = await PoolerProcess.StartAsync("session");
        await using var store = StateStore.OpenOrCreate(PostgresProcess.Shared.Url(_bench.Schema, port: pooler.Port));
        using var right = await store.AcquireAsync(
            new("apply", [("acme", "https://api.acme.example/")]),
            TimeProvider.System,
            Cancellation
        );
        Assert.True(right.IsFresh);
    }

    public void Dispose() => _bench.Dispose();
}
