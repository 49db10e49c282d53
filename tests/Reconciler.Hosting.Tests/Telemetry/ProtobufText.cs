using System.Text;

namespace Reconciler.Hosting.Tests.Telemetry;

/// <summary>
/// Walks protobuf without its schema, by the description of the wire format, and finds the texts in it.
/// </summary>
internal static class ProtobufText
{
    /// <summary>The texts of a message and of those inside it; null where the bytes are no message.</summary>
    public static List<string>? In(ReadOnlySpan<byte> message)
    {
        var texts = new List<string>();
        for (var at = 0; at < message.Length; )
        {
            if (Varint(message, ref at) is not { } tag || tag >> 3 is 0 or > 0x1FFFFFFF)
                return null;
            switch (tag & 7)
            {
                case 0 when Varint(message, ref at) is not null:
                    break;
                case 1 when at + 8 <= message.Length:
                    at += 8;
                    break;
                case 5 when at + 4 <= message.Length:
                    at += 4;
                    break;
                case 2 when Varint(message, ref at) is { } length && length <= (ulong)(message.Length - at):
                    var part = message.Slice(at, (int)length);
                    at += (int)length;
                    texts.Add(Encoding.UTF8.GetString(part));
                    if (In(part) is { } inner)
                        texts.AddRange(inner);
                    break;
                default:
                    return null;
            }
        }

        return texts;
    }

    private static ulong? Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        return null;
    }
}
