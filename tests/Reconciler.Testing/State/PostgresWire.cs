using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Reconciler.Testing.State;

/// <summary>
/// Reads the messages of PostgreSQL's protocol from one side:
/// https://www.postgresql.org/docs/current/protocol-message-formats.html
/// </summary>
internal sealed class PostgresWire(NetworkStream stream)
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    // Statements that the server keeps have a name, and are sent by it.
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    /// <summary>Reads the first message, which has no type.</summary>
    /// <returns>The message, and whether one byte answers it; null at the end.</returns>
    public async Task<(byte[] Message, bool IsQuestion)?> ReadStartAsync()
    {
        if (await ReadAsync(0) is not { } message)
            return null;
        var code = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(4));
        return (message, code is SslRequest or GssRequest);
    }

    /// <summary>Reads a message with its type; null at the end.</summary>
    public Task<byte[]?> ReadMessageAsync() => ReadAsync(1);

    /// <summary>Reads one byte, which answers whether the server encrypts; null at the end.</summary>
    public Task<byte[]?> ReadByteAsync() => FillAsync(new byte[1], 0);

    /// <summary>The statement that a message begins or names; null for other messages.</summary>
    public string? StatementOf(byte[] message)
    {
        switch ((char)message[0])
        {
            case 'Q':
                return Text(message, 5, out _);
            case 'P':
                var name = Text(message, 5, out var next);
                return _named[name] = Text(message, next, out _);
            case 'B':
                _ = Text(message, 5, out var at);
                return _named.GetValueOrDefault(Text(message, at, out _));
            default:
                return null;
        }
    }

    private async Task<byte[]?> ReadAsync(int type)
    {
        if (await FillAsync(new byte[type + 4], 0) is not { } head)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(type));
        var message = new byte[type + length];
        head.CopyTo(message, 0);
        return await FillAsync(message, head.Length);
    }

    private async Task<byte[]?> FillAsync(byte[] buffer, int from)
    {
        try
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(from));
            return buffer;
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static string Text(byte[] message, int from, out int next)
    {
        var end = Array.IndexOf(message, (byte)0, from);
        next = end + 1;
        return Encoding.UTF8.GetString(message, from, end - from);
    }
}
