using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Reconciler.Core.Ports;
using Reconciler.Testing;
using Reconciler.Testing.State;

namespace Reconciler.State.Tests.Postgres;

/// <summary>
/// A proxy that gives each transaction another session is refused at the start: no lock holds behind it.
/// </summary>
public sealed class PoolerTests : IDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly PostgresBench _bench = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("reconciler-pooler-").FullName;
    private readonly int _port = PostgresProcess.FreePort();
    private Process? _process;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    public async Task A_proxy_that_pools_by_transaction_is_refused(string mode)
    {
        await StartAsync(mode);
        var url = PostgresProcess.Shared.Url(_bench.Schema, port: _port);
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
        await StartAsync("session");
        await using var store = StateStore.OpenOrCreate(PostgresProcess.Shared.Url(_bench.Schema, port: _port));
        using var right = await store.AcquireAsync(
            new("apply", [("acme", "https://api.acme.example/")]),
            TimeProvider.System,
            Cancellation
        );
        Assert.True(right.IsFresh);
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        _bench.Dispose();
    }

    private async Task StartAsync(string mode)
    {
        Assert.SkipUnless(File.Exists(Program), "Install pgbouncer (apt-get install pgbouncer) to run this test.");
        var server = PostgresProcess.Shared.Port.ToString(CultureInfo.InvariantCulture);
        var port = _port.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "pgbouncer.ini"),
            $"""
            [databases]
            postgres = user=postgres dbname=postgres host=127.0.0.1 port={server}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            default_pool_size = 4
            ignore_startup_parameters = extra_float_digits,search_path,options
            """,
            Cancellation
        );
        var configuration = Path.Combine(_folder, "pgbouncer.ini");
        var info = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo(
                "setpriv",
                ["--reuid", "65534", "--regid", "65534", "--clear-groups", Program, configuration]
            )
            : new ProcessStartInfo(Program, [configuration]);
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(configuration, (UnixFileMode)0b110_100_100);
        }

        (info.RedirectStandardError, info.RedirectStandardOutput) = (true, true);
        _process = Process.Start(info)!;
        await Eventually.Async(IsThere);
    }

    private bool IsThere()
    {
        try
        {
            using var connection = new NpgsqlConnection(
                $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false"
            );
            connection.Open();
            return true;
        }
        catch (NpgsqlException) when (!_process!.HasExited)
        {
            return false;
        }
    }
}
