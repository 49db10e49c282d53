using System.Security.Cryptography;
using System.Text;
using Reconciler.Manifests;
using Reconciler.Manifests.Files;

namespace Reconciler.Sources.Git;

/// <summary>The public keys of allowed signers, from a file or a folder of files.</summary>
/// <param name="Signers">Lines of allowed signers, for SSH keys.</param>
/// <param name="Pgp">PGP public keys, one file each.</param>
/// <param name="Digest">A digest of all keys.</param>
internal sealed record VerifyKeys(IReadOnlyList<string> Signers, IReadOnlyList<byte[]> Pgp, string Digest)
{
    private const int LongestFile = 4 * 1024 * 1024;
    private static readonly string[] KeyTypes = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

    /// <summary>Reads the keys. Called at each fetch, so that a removed key is no longer accepted.</summary>
    /// <exception cref="SourceException">
    /// There are no keys, or they cannot be read. Nothing is accepted without verification.
    /// </exception>
    public static VerifyKeys Read(string path)
    {
        var (signers, pgp) = (new List<string>(), new List<byte[]>());
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            foreach (var file in Files(path))
            {
                var content = UserFile.ReadRegular(file, LongestFile);
                digest.AppendData(SHA256.HashData(content));
                if (IsPgp(content))
                    pgp.Add(content);
                else
                    signers.AddRange(Lines(file, Encoding.UTF8.GetString(content)));
            }
        }
        catch (UnfitFileException unfit)
        {
            throw new SourceException($"the file of keys {unfit.File} {unfit.What}", unfit);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"the keys of {path} cannot be read: {unreadable.Message}", unreadable);
        }

        if (signers.Count + pgp.Count == 0)
            throw new SourceException($"{path} holds no key to verify commits with");
        return new(signers, pgp, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    // Mounted secrets have dot folders beside the links to their files, so these are skipped.
    private static IEnumerable<string> Files(string path) =>
        Directory.Exists(path)
            ? Directory
                .EnumerateFiles(path)
                .Where(f => !System.IO.Path.GetFileName(f).StartsWith('.'))
                .Order(StringComparer.Ordinal)
            : [path];

    // PGP keys are armoured or binary; in binary, the highest bit of the first byte is set, unlike in our text files.
    private static bool IsPgp(byte[] content) =>
        content.AsSpan().IndexOf("-----BEGIN PGP PUBLIC KEY BLOCK-----"u8) >= 0
        || (content.Length > 0 && content[0] >= 0x80);

    private static IEnumerable<string> Lines(string file, string text)
    {
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            throw new SourceException($"the file of keys {file} holds a private key; expected public ones alone");
        return text.Split('\n')
            .Select(l => l.Trim())
            .Where(l => l.Length > 0 && !l.StartsWith('#'))
            .Select(l =>
                KeyTypes.Any(t => l.StartsWith(t, StringComparison.Ordinal)) ? $"* namespaces=\"git\" {l}" : l
            );
    }
}
