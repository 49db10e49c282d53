using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Reconciler.State.Postgres;

/// <summary>
/// The two numbers by which PostgreSQL knows an advisory lock: the first for the schema, the second for the account.
/// </summary>
internal static class RightKey
{
    /// <summary>The first number of the locks under which schemas are migrated.</summary>
    public const int Migrations = 0x5265636E;

    /// <summary>The number of a text.</summary>
    public static int Of(params ReadOnlySpan<string> parts)
    {
        var text = string.Join('\n', parts!);
        return BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
