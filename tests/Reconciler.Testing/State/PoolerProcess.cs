using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Reconciler.Testing.State;

/// <summary>
/// A real PgBouncer before the PostgreSQL that tests share, on a free port of loopback, in a folder of its own.
/// </summary>
public sealed class PoolerProcess : IDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly string _folder = Directory.CreateTempSubdirectory("reconciler-pooler-").FullName;
    private Process? _process;

    private PoolerProcess() { }

    /// <summary>Its port.</summary>
    public int Port { get; } = PostgresProcess.FreePort();

    /// <summary>Starts it; the test is skipped where it is not installed.</summary>
    /// <param name="mode">What it pools by: session, transaction or statement.</param>
    /// <param name="user">The role with which it connects to the server, whoever asks.</param>
    public static async Task<PoolerProcess> StartAsync(string mode, string user = "postgres")
    {
        Assert.SkipUnless(File.Exists(Program), "Install pgbouncer (apt-get install pgbouncer) to run this test.");
        var pooler = new PoolerProcess();
        try
        {
            await pooler.StartAsync(Configuration(mode, user, pooler.Port));
            return pooler;
        }
        catch
        {
            pooler.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Configuration(string mode, string user, int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            [databases]
            postgres = user={user} dbname=postgres host=127.0.0.1 port={PostgresProcess.Shared.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            default_pool_size = 4
            ignore_startup_parameters = extra_float_digits,search_path,options
            """
        );

    private async Task StartAsync(string text)
    {
        var configuration = Path.Combine(_folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(configuration, text, TestContext.Current.CancellationToken);
        // It refuses to run as root.
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
                $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Pooling=false"
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
