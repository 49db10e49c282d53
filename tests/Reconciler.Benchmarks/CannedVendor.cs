using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reconciler.Benchmarks;

/// <summary>
/// Answers requests with the same bytes each time: everybody is a member, and nobody is invited. It allocates next to
/// nothing, so that it does not disturb what is measured in the same process.
/// </summary>
internal sealed class CannedVendor
{
    private static readonly byte[] Nobody = Answer("""{"success":true,"data":{"invitations":[]}}"""u8.ToArray());
    private static readonly byte[] Roles = Answer(
        """{"success":true,"data":{"roles":[{"id":"r-1","name":"Member"},{"id":"r-2","name":"Manager"}]}}"""u8.ToArray()
    );

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _members;

    public CannedVendor(byte[] members)
    {
        _members = Answer(members);
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public Uri BaseUrl => new($"http://{_listener.LocalEndpoint}");

    private void Accept()
    {
        while (true)
        {
            var caller = _listener.AcceptSocket();
            caller.NoDelay = true;
            new Thread(() => Serve(caller)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket caller)
    {
        using var connection = caller;
        try
        {
            Answer(caller);
        }
        catch (SocketException)
        {
            // The caller has closed the connection.
        }
    }

    private void Answer(Socket caller)
    {
        var request = new byte[16 * 1024];
        var length = 0;
        while (caller.Receive(request.AsSpan(length)) is var read and > 0)
        {
            length += read;
            if (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                continue;
            var asked = request.AsSpan(0, length);
            caller.Send(
                asked.IndexOf("/invitations"u8) >= 0 ? Nobody
                : asked.IndexOf("/roles"u8) >= 0 ? Roles
                : _members
            );
            length = 0;
        }
    }

    private static byte[] Answer(byte[] body) =>
        [
            .. Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"
            ),
            .. body,
        ];
}
