using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Postgres;

/// <summary>Programs in the process of a test, and the proxy that passes their statements on.</summary>
public sealed class ProxyThreadTests
{
    [Fact]
    public async Task Many_that_wait_for_an_answer_leave_the_proxy_a_thread_to_pass_it_on()
    {
        var server = PostgresProcess.Shared;
        using var proxy = new StatementProxy(server.Port);

        // Each blocks a thread of the pool until it is answered, and gives up after 5 s.
        var opened = await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        using var store = StateStore.OpenOrCreate(
                            server.Url(PostgresProcess.SchemaOf(server.NewUrl()), port: proxy.Port)
                        );
                        return store;
                    })
                )
        );

        Assert.Equal(24, opened.Length);
    }
}
