using System.Globalization;
using Npgsql;
using Reconciler.Core.Manifests;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>Where a state lies in PostgreSQL: a server, a database, and a schema in it.</summary>
/// <param name="Host">A name, an address, or the folder of a Unix socket.</param>
/// <param name="Port">The port.</param>
/// <param name="Database">The database.</param>
/// <param name="User">The role; null for the one that PGUSER or the system names.</param>
/// <param name="Schema">The schema with the tables.</param>
internal sealed record PostgresUrl(string Host, int Port, string Database, string? User, string Schema)
{
    /// <summary>The schema where a URL names none.</summary>
    public const string DefaultSchema = "reconciler";

    /// <summary>Where a password is looked for.</summary>
    internal const string Passwords =
        "put it into a file that passwordfile=PATH names, into PGPASSWORD, or into ~/.pgpass (PGPASSFILE)";

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];
    private static readonly string[] Known = ["schema", "host", "sslmode", "sslrootcert", "passwordfile"];

    /// <summary>How TLS is used, as libpq names it: disable, allow, prefer, require, verify-ca, verify-full.</summary>
    public string? SslMode { get; private init; }

    /// <summary>
    /// The file of the authorities that may have signed the server's certificate; null for the system's.
    /// </summary>
    public string? RootCertificate { get; private init; }

    /// <summary>A file that holds the password and nothing else; null for none.</summary>
    public string? PasswordFile { get; private init; }

    private bool IsSocket => Host.StartsWith('/');

    /// <summary>Whether a place of a state is a URL of PostgreSQL, and not a path.</summary>
    public static bool IsUrl(string place) => Schemes.Any(s => place.StartsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What is wrong with a URL, in a sentence that never shows a password; null where it can be used.
    /// </summary>
    public static string? Problem(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (LedgerException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Parses a URL. What it leaves out comes from PGHOST, PGPORT, PGDATABASE, PGUSER and PGSSLMODE.</summary>
    /// <param name="text">Such as <c>postgres://user@host:5432/db?schema=reconciler</c>.</param>
    /// <param name="variable">Gives an environment variable; null for the process's own.</param>
    /// <exception cref="LedgerException">It is no such URL, or holds a password.</exception>
    public static PostgresUrl Parse(string text, Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        var end = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var (rest, query) = Split(text[end..], '?');
        var (authority, path) = Split(rest, '/');
        var at = authority.LastIndexOf('@');
        var (user, password) = Split(at < 0 ? "" : authority[..at], ':');
        var given = Options(query ?? "");
        if (password is not null || given.ContainsKey("password"))
            throw new LedgerException($"a URL of PostgreSQL must not hold a password; {Passwords}");
        foreach (var option in given.Keys.Where(n => !Known.Contains(n)))
            throw new LedgerException(
                $"{ProblemText.Quote(option)} is no option of a URL of PostgreSQL; expected one of "
                    + string.Join(", ", Known)
            );
        var (host, port) = HostAndPort(at < 0 ? authority : authority[(at + 1)..], given.GetValueOrDefault("host"));
        var name = Decoded(path ?? "");
        return new(
            host.Length > 0 ? host : variable("PGHOST") ?? "localhost",
            PortOf(port ?? variable("PGPORT")),
            name.Length > 0 ? name : variable("PGDATABASE") ?? throw Missing("a database, as in …/reconciler"),
            user.Length > 0 ? Decoded(user) : variable("PGUSER"),
            SchemaOf(given.GetValueOrDefault("schema") ?? DefaultSchema)
        )
        {
            SslMode = SslModeOf(given.GetValueOrDefault("sslmode") ?? variable("PGSSLMODE")),
            RootCertificate = given.GetValueOrDefault("sslrootcert") ?? variable("PGSSLROOTCERT"),
            PasswordFile = given.GetValueOrDefault("passwordfile"),
        };
    }

    /// <summary>Returns the URL without anything that is secret.</summary>
    public override string ToString()
    {
        var user = User is null ? "" : $"{Uri.EscapeDataString(User)}@";
        var host =
            IsSocket ? ""
            : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]"
            : Host;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://{user}{host}:{Port}/{Uri.EscapeDataString(Database)}?"
                + $"{(IsSocket ? $"host={Uri.EscapeDataString(Host)}&" : "")}schema={Schema}"
        );
    }

    /// <summary>The settings of a connection.</summary>
    /// <exception cref="LedgerException">The file of the password cannot be read.</exception>
    internal NpgsqlConnectionStringBuilder Settings()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = Database,
            Username = User,
            ApplicationName = "reconciler",
            Timeout = 5,
            CommandTimeout = 15,
            // A pooled session would outlive its store, together with its locks.
            Pooling = false,
            // A Unix socket refuses the options of TCP.
            TcpKeepAlive = !IsSocket,
            TcpKeepAliveTime = IsSocket ? 0 : 2,
            TcpKeepAliveInterval = IsSocket ? 0 : 1,
            // Statements are kept by the server from their second use on.
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
        };
        if (SslMode is { } mode)
            settings.SslMode = Enum.Parse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        if (RootCertificate is not null)
            settings.RootCertificate = RootCertificate;
        if (PasswordFile is { } file)
            settings.Password = ReadPassword(file);
        return settings;
    }

    private string ReadPassword(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"{this}: the password cannot be read: {unread.Message}", unread);
        }
    }

    private static (string Host, string? Port) HostAndPort(string text, string? socket)
    {
        // An IPv6 address stands in brackets.
        var colon = text.LastIndexOf(':');
        var isPort = colon > text.LastIndexOf(']');
        var host = isPort ? text[..colon] : text;
        return (socket ?? Decoded(host.Trim('[', ']')), isPort && colon < text.Length - 1 ? text[(colon + 1)..] : null);
    }

    private static Dictionary<string, string> Options(string query)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(pair, '=');
            if (!options.TryAdd(Decoded(name), Decoded(value ?? "")))
                throw new LedgerException($"the URL says {ProblemText.Quote(name)} twice");
        }

        return options;
    }

    private static int PortOf(string? text)
    {
        if (text is null)
            return 5432;
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new LedgerException($"{ProblemText.Quote(text)} is no port; expected 1 to 65535");
    }

    private static string SchemaOf(string schema) =>
        schema.Length is > 0 and <= 63
        && schema.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && !char.IsAsciiDigit(schema[0])
        && !schema.StartsWith("pg_", StringComparison.Ordinal)
            ? schema
            : throw new LedgerException(
                $"{ProblemText.Quote(schema)} is no name for the schema; expected lower-case letters, digits "
                    + "and _, not beginning with a digit or pg_"
            );

    private static string? SslModeOf(string? mode) =>
        mode is null or "disable" or "allow" or "prefer" or "require" or "verify-ca" or "verify-full"
            ? mode
            : throw new LedgerException(
                $"{ProblemText.Quote(mode)} is no sslmode; expected disable, allow, prefer, require, "
                    + "verify-ca or verify-full"
            );

    private static LedgerException Missing(string what) => new($"the URL of PostgreSQL lacks {what}");

    private static string Decoded(string text) => Uri.UnescapeDataString(text);

    private static (string Before, string? After) Split(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
