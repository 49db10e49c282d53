using Microsoft.AspNetCore.Connections;

namespace Reconciler.Hosting.Web;

/// <summary>
/// The open connections of one listener. Where there are too many, the newcomer is served and another one is closed:
/// the one that is idle for longest, or else the one whose request takes longest. Refusing the newcomer would let a
/// hundred idle connections keep a probe out, and Kubernetes restarts what does not answer its probe.
/// </summary>
/// <param name="most">How many may be open at a time.</param>
internal sealed class ListenerConnections(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<OpenConnection> _open = [];
    private long _turn;

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="serve">Serves it.</param>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate serve)
    {
        var open = new OpenConnection(connection, this);
        connection.Features.Set(open);
        Enter(open)?.Close();
        try
        {
            await serve(connection);
        }
        finally
        {
            lock (_lock)
                _open.Remove(open);
        }
    }

    /// <summary>A request of a connection begins.</summary>
    /// <param name="open">The connection.</param>
    /// <param name="isProbe">Whether it asks if the process lives; such a request is never cut off for another.</param>
    internal void Begin(OpenConnection open, bool isProbe)
    {
        lock (_lock)
            (open.Use, open.Turn) = (isProbe ? ConnectionUse.Probed : ConnectionUse.Busy, _turn++);
    }

    /// <summary>The request of a connection has ended.</summary>
    /// <param name="open">The connection.</param>
    internal void End(OpenConnection open)
    {
        lock (_lock)
            (open.Use, open.Turn) = (ConnectionUse.Idle, _turn++);
    }

    private OpenConnection? Enter(OpenConnection newcomer)
    {
        lock (_lock)
        {
            newcomer.Turn = _turn++;
            // The one to close no longer counts, although it takes a moment to end.
            var closed = _open.Count < most ? null : _open.MinBy(o => ((int)o.Use, o.Turn));
            if (closed is not null)
                _open.Remove(closed);
            _open.Add(newcomer);
            return closed;
        }
    }
}

/// <summary>What a connection is used for; the first is closed first.</summary>
internal enum ConnectionUse
{
    /// <summary>No request, or one whose headers are not complete.</summary>
    Idle,

    /// <summary>A request is read or answered.</summary>
    Busy,

    /// <summary>A probe is answered.</summary>
    Probed,
}

/// <summary>One open connection.</summary>
internal sealed class OpenConnection(ConnectionContext connection, ListenerConnections all)
{
    /// <summary>What it is used for.</summary>
    public ConnectionUse Use { get; set; }

    /// <summary>Orders the connections by the time of their last change of use.</summary>
    public long Turn { get; set; }

    /// <summary>A request begins.</summary>
    /// <param name="isProbe">Whether it is a probe.</param>
    public void Begin(bool isProbe) => all.Begin(this, isProbe);

    /// <summary>The request has ended.</summary>
    public void End() => all.End(this);

    /// <summary>Closes it at once, whatever is under way.</summary>
    public void Close() =>
        connection.Abort(new ConnectionAbortedException("closed, since the listener has no place left"));
}
