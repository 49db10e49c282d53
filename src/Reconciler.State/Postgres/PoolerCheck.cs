using Npgsql;
using Reconciler.Core.Ports;

namespace Reconciler.State.Postgres;

/// <summary>
/// Refuses a proxy that gives each transaction another session: a lock that a session holds would be anybody's.
/// </summary>
internal static class PoolerCheck
{
    private const string Session = "SELECT pg_backend_pid()";

    /// <summary>Checks the way to a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="connection">An open connection to it, outside of a transaction.</param>
    /// <exception cref="LedgerException">There is such a proxy.</exception>
    public static void Refuse(PostgresServer server, StateConnection connection)
    {
        var first = connection.Number(Session);
        // The server itself answers from the session that it named when the connection was made.
        if (first == ((NpgsqlConnection)connection.Inner).ProcessID)
            return;
        try
        {
            EnsureApart(server, connection, first);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ProtocolViolation)
        {
            // The proxy knows no transactions of several statements.
            throw Refusal(server);
        }
    }

    private static void EnsureApart(PostgresServer server, StateConnection connection, long first)
    {
        // Behind a proxy that keeps sessions apart, the other connection never gets the one of this connection.
        using var other = server.Connect(writes: true);
        for (var round = 0; round < 3; round++)
        {
            using var transaction = other.Begin(writes: true);
            var theirs = other.Number(Session);
            if (theirs == first || connection.Number(Session) != first)
                throw Refusal(server);
        }
    }

    private static LedgerException Refusal(PostgresServer server) =>
        new(
            $"{server.Url} is reached through a proxy that pools by transaction, which cannot hold a lock; "
                + "name the server itself, or a port of the proxy that pools by session"
        );
}
