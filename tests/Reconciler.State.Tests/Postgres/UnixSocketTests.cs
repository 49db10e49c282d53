using System.Globalization;
using Reconciler.Testing.State;
using static Reconciler.Testing.State.TempFolder;

namespace Reconciler.State.Tests.Postgres;

/// <summary>A server on this machine is reached over its Unix socket.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly PostgresBench _bench = new();

    [Fact]
    public async Task A_url_that_names_the_folder_of_the_socket_is_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "PostgreSQL makes no Unix socket on Windows.");
        var server = PostgresProcess.Shared;
        await using var store = StateStore.OpenOrCreate(
            string.Create(
                CultureInfo.InvariantCulture,
                $"postgres://postgres@:{server.Port}/postgres?host={server.Socket}&schema={_bench.Schema}"
            )
        );
        using var right = await store.AcquireAsync(
            new("apply", [(Project.VendorType, Project.BaseUrl)]),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        Assert.True(right.IsFresh);
        await store.SaveAsync(new(Project, null, ""), Of(), [], TestContext.Current.CancellationToken);
        using var reader = _bench.Read();
        Assert.Single(await reader.LoadAllAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _bench.Dispose();
}
