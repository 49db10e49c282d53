using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reconciler.Sandbox.Records;

/// <summary>
/// Creates ids that look random and are the same in every run, so that demos and failing tests can be repeated.
/// </summary>
internal sealed class IdSequence(string name)
{
    private int taken;

    public Guid Next()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}/{++taken}")), hash);
        var bytes = hash[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
