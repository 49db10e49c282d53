using System.Security.Cryptography;

namespace Reconciler.Core.Manifests;

/// <summary>A file of manifests as it was read.</summary>
/// <param name="Path">The file, as it was named to the reader.</param>
/// <param name="Digest">
/// The SHA-256 of its bytes, as <c>sha256:</c> and 64 hex digits; empty if the file could not be read, or if another
/// text was read in its place.
/// </param>
public sealed record SourceFile(string Path, string Digest)
{
    /// <summary>The digest of a file.</summary>
    /// <param name="bytes">What the file holds.</param>
    public static string DigestOf(ReadOnlySpan<byte> bytes) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
