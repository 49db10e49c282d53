using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Npgsql;

namespace Reconciler.State.Postgres;

/// <summary>Turns errors of PostgreSQL into words that follow the URL and say what to do.</summary>
internal static class PostgresErrors
{
    private const string NoPassword = "No password has been provided";

    /// <summary>Explains a failure; null if the database is not the cause.</summary>
    public static string? Explain(PostgresUrl url, Exception failure, bool writes) =>
        failure switch
        {
            PostgresException refused => Explain(url, refused, writes),
            // Npgsql has no code for it.
            NpgsqlException { InnerException: null }
                when failure.Message.StartsWith(NoPassword, StringComparison.Ordinal) =>
                $"wants a password, and none was found; {PostgresUrl.Passwords}",
            NpgsqlException or SocketException or TimeoutException => $"cannot be reached: {Cause(failure)}",
            JsonException or FormatException or InvalidCastException =>
                $"holds something that Reconciler did not write ({failure.Message}); restore a backup, or name another "
                    + "schema to start without one",
            UnauthorizedAccessException or IOException => $"cannot be reached: {failure.Message}",
            _ => null,
        };

    /// <summary>Whether the connection is gone, and with it the answer.</summary>
    public static bool IsLost(Exception failure) =>
        failure switch
        {
            // An administrator or a crash ended the session:
            // https://www.postgresql.org/docs/current/errcodes-appendix.html
            PostgresException refused => refused.SqlState is "57P01" or "57P02" or "57P03" or "57P05" or "25P03",
            NpgsqlException or SocketException or IOException or TimeoutException => true,
            _ => false,
        };

    /// <summary>The statements that give a role the rights to write a state.</summary>
    public static string GrantsToWrite(PostgresUrl url) =>
        $"GRANT USAGE ON SCHEMA {url.Schema} TO {Role(url)}; "
        + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {url.Schema} TO {Role(url)}";

    /// <summary>The statements that give a role the rights to read a state.</summary>
    public static string GrantsToRead(PostgresUrl url) =>
        $"GRANT USAGE ON SCHEMA {url.Schema} TO {Role(url)}; "
        + $"GRANT SELECT ON ALL TABLES IN SCHEMA {url.Schema} TO {Role(url)}";

    /// <summary>The statement that lets a role make the schema.</summary>
    public static string GrantToCreate(PostgresUrl url) =>
        $"GRANT CREATE ON DATABASE {Quoted(url.Database)} TO {Role(url)}";

    /// <summary>The statement that lets a role make the tables in a schema that is there.</summary>
    public static string GrantToFill(PostgresUrl url) => $"GRANT USAGE, CREATE ON SCHEMA {url.Schema} TO {Role(url)}";

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private static string Explain(PostgresUrl url, PostgresException failure, bool writes) =>
        failure.SqlState switch
        {
            "28000" =>
                $"refuses the user {Role(url)} ({failure.MessageText}); check the user, sslmode, and pg_hba.conf of the "
                    + "server",
            "28P01" =>
                $"refuses the user {Role(url)}; check the user, and the password in the file that passwordfile names, "
                    + "in PGPASSWORD or in ~/.pgpass",
            "3D000" => $"cannot be used: the server has no such database; make it with: CREATE DATABASE "
                + $"{Quoted(url.Database)}",
            "42501" => $"cannot be used: a right is missing ({failure.MessageText}); an administrator gives it with: "
                + (writes ? GrantsToWrite(url) : GrantsToRead(url)),
            "25006" => "can only be read: it is a replica, or is set to be read-only; name the server that is written",
            "53300" => "has no connection left; end others, or raise max_connections",
            "53100" => "cannot be written: its disk is full. Nothing was saved; make room and run again",
            "55P03" or "57014" =>
                "is locked by another program that did not let go in time; try again once it has ended",
            "40001" or "40P01" => "was written by another program at the same time. Nothing was saved; run again",
            "42P01" or "42703" or "3F000" =>
                $"lacks something that Reconciler made there ({failure.MessageText}); restore a backup",
            "57P03" => "cannot be reached: the server is starting or stopping",
            "57P01" or "57P02" or "57P05" or "25P03" => $"cannot be reached: {failure.MessageText}",
            _ => $"cannot be used: {failure.MessageText} ({failure.SqlState})",
        };

    private static string Cause(Exception failure) =>
        failure.InnerException switch
        {
            AuthenticationException untrusted =>
                $"its certificate is not trusted for this host ({untrusted.Message}); name the file of the authority "
                    + "that signed it with sslrootcert, and the host as the certificate has it",
            { } inner and (SocketException or IOException or TimeoutException) => inner.Message,
            _ => failure.Message,
        };

    private static string Role(PostgresUrl url) =>
        url.User is { } user ? Quoted(user) : "\"the user of the connection\"";

    private static string Quoted(string name) =>
        name.All(c => char.IsAsciiLetterLower(c) || c == '_')
            ? name
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
