using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Reconciler.Testing.State;

/// <summary>
/// A real PostgreSQL on a free port of loopback and on a Unix socket, in a folder of its own that is removed with it.
/// Its programs are those of the folder that RECONCILER_POSTGRES names, or of the newest version that is installed.
/// </summary>
public sealed class PostgresProcess : IDisposable
{
    /// <summary>The role that needs its password; every other role is let in without one.</summary>
    public const string Locked = "locked";

    /// <summary>The password of that role.</summary>
    public const string LockedPassword = "right-password";

    private const string Installed = "/usr/lib/postgresql";
    private static readonly Lazy<PostgresProcess?> One = new(() => Programs is null ? null : new());
    private static readonly Lock Roles = new();
    private static int _schemas;

    private readonly string _folder = Directory.CreateTempSubdirectory("reconciler-postgres-").FullName;
    private readonly ServerCertificate? _certificate;
    private readonly bool _isDurable;
    private Process? _process;

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="certificate">With one, it refuses connections without TLS; null for no TLS at all.</param>
    /// <param name="isDurable">Whether it writes to the disk what it commits, as outside of tests.</param>
    public PostgresProcess(ServerCertificate? certificate = null, bool isDurable = false)
    {
        (_certificate, _isDurable) = (certificate, isDurable);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        Port = FreePort();
        // It refuses to run as root.
        if (Environment.IsPrivilegedProcess)
            Run("chown", Owner, _folder);
        Run(AsOwner("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
        var host = certificate is null ? "host" : "hostssl";
        File.WriteAllText(
            Path.Combine(Data, "pg_hba.conf"),
            $"local all all trust\n{host} all {Locked} all scram-sha-256\n{host} all all 127.0.0.1/32 trust\n"
        );
        if (certificate is not null)
            Show(certificate);
        Start();
    }

    /// <summary>Whether its programs are installed.</summary>
    public static bool IsInstalled => Programs is not null;

    /// <summary>The one that tests share; the test is skipped where none is installed.</summary>
    public static PostgresProcess Shared
    {
        get
        {
            Assert.SkipWhen(
                !IsInstalled,
                "Install postgresql (apt-get install postgresql), or name the folder of initdb and postgres in "
                    + "RECONCILER_POSTGRES, to run the tests of the state in PostgreSQL."
            );
            return One.Value!;
        }
    }

    /// <summary>The port on loopback.</summary>
    public int Port { get; }

    /// <summary>The folder of the Unix socket.</summary>
    public string Socket => _folder;

    private static string? Programs
    {
        get
        {
            if (Environment.GetEnvironmentVariable("RECONCILER_POSTGRES") is { Length: > 0 } named)
                return named;
            return Directory.Exists(Installed)
                ? Directory
                    .GetDirectories(Installed)
                    .OrderByDescending(d =>
                        int.TryParse(
                            Path.GetFileName(d),
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out var version
                        )
                            ? version
                            : 0
                    )
                    .Select(d => Path.Combine(d, "bin"))
                    .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
                : null;
        }
    }

    private static string Owner =>
        File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The URL of a schema that no other test has.</summary>
    public string NewUrl(string user = "postgres") =>
        Url(string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _schemas)}"), user);

    /// <summary>The URL of a schema.</summary>
    public string Url(string schema, string user = "postgres", int? port = null) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://{user}@127.0.0.1:{port ?? Port}/postgres?schema={schema}"
        );

    /// <summary>The schema that a URL of this server names.</summary>
    public static string SchemaOf(string url) => url[(url.IndexOf("schema=", StringComparison.Ordinal) + 7)..];

    /// <summary>Connects as the one who may do everything.</summary>
    public NpgsqlConnection Connect(string? schema = null)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = Port,
                Username = "postgres",
                Database = "postgres",
                SearchPath = schema,
                Pooling = false,
                Timeout = 5,
            }.ConnectionString
        );
        connection.Open();
        return connection;
    }

    /// <summary>Makes the role that needs its password, and lets it make schemas.</summary>
    public void MakeLocked()
    {
        // Of two GRANTs at once on one database, the server refuses one.
        lock (Roles)
        {
            Run(
                $"""
                DO $$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Locked}') THEN
                        CREATE ROLE {Locked} LOGIN PASSWORD '{LockedPassword}';
                        GRANT CREATE ON DATABASE postgres TO {Locked};
                    END IF;
                END $$
                """
            );
        }
    }

    /// <summary>Makes a role that may read the tables of a schema and nothing else; it needs no password.</summary>
    /// <returns>Its name.</returns>
    public string MakeReader(string schema)
    {
        var role = $"reader_{schema}";
        Run(
            $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {schema} TO {role}; "
                + $"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"
        );
        return role;
    }

    /// <summary>Ends every session that holds a lock of the program, as an administrator may.</summary>
    public void EndLockSessions() =>
        Run("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'");

    /// <summary>Runs a statement as the one who may do everything.</summary>
    public void Run(string statement)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Kill()
    {
        // Its children notice that it is gone and end by themselves.
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it, also after a crash.</summary>
    public void Start()
    {
        File.Delete(Path.Combine(Data, "postmaster.pid"));
        _process = Process.Start(
            AsOwner(
                "postgres",
                ["-D", Data, "-k", _folder, "-p", Port.ToString(CultureInfo.InvariantCulture), .. Settings()]
            )
        )!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var started = Stopwatch.GetTimestamp();
        while (!IsReady())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(30))
                throw new InvalidOperationException("PostgreSQL did not start");
            Thread.Sleep(TimeSpan.FromMilliseconds(50));
        }
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        // An immediate end: nothing is to be kept.
        Run("kill", "-QUIT", _process.Id.ToString(CultureInfo.InvariantCulture));
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
        _process = null;
        Directory.Delete(_folder, recursive: true);
    }

    // Without fsync a crash of the machine loses data, one of the server does not.
    private IEnumerable<string> Settings() =>
        new[]
        {
            _certificate is null ? "ssl=off" : "ssl=on",
            "listen_addresses=127.0.0.1",
            _isDurable ? "fsync=on" : "fsync=off",
            "max_connections=200",
            "shared_buffers=16MB",
            "restart_after_crash=off",
        }.SelectMany(s => new[] { "-c", s });

    private void Show(ServerCertificate certificate)
    {
        var (shown, key) = (Path.Combine(Data, "server.crt"), Path.Combine(Data, "server.key"));
        File.WriteAllText(shown, certificate.Certificate);
        File.WriteAllText(key, certificate.Key);
        Run("chmod", "600", key);
        if (Environment.IsPrivilegedProcess)
            Run("chown", Owner, shown, key);
    }

    private bool IsReady()
    {
        try
        {
            Connect().Dispose();
            return true;
        }
        catch (Exception notYet) when (notYet is NpgsqlException or TimeoutException)
        {
            return _process!.HasExited ? throw new InvalidOperationException("PostgreSQL ended", notYet) : false;
        }
    }

    private ProcessStartInfo AsOwner(string program, params IEnumerable<string> arguments)
    {
        var path = Path.Combine(Programs!, program);
        var info = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo(
                "setpriv",
                ["--reuid", Owner, "--regid", GroupOf(Owner), "--clear-groups", path, .. arguments]
            )
            : new ProcessStartInfo(path, arguments);
        (info.RedirectStandardOutput, info.RedirectStandardError, info.WorkingDirectory) = (true, true, _folder);
        return info;
    }

    private static string GroupOf(string user) =>
        File.ReadLines("/etc/passwd").First(l => l.StartsWith($"{user}:", StringComparison.Ordinal)).Split(':')[3];

    private static void Run(string program, params IEnumerable<string> arguments) =>
        Run(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        );

    private static void Run(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{info.FileName}: {output.Result}{error.Result}");
    }

    /// <summary>A port of loopback that nobody uses.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
