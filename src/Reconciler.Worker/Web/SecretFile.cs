using System.Security.Cryptography;
using System.Text;
using Reconciler.Hosting.Web;
using Reconciler.Manifests.Files;

namespace Reconciler.Worker.Web;

/// <summary>
/// A secret that callers must know. Its file is read for every call, so that a rotated one counts at once.
/// </summary>
/// <param name="path">The file; whitespace around the secret does not count.</param>
internal sealed class SecretFile(string path)
{
    /// <summary>The fewest characters: fewer can be tried out.</summary>
    public const int ShortestSecret = 16;

    private const int LongestFile = 4096;

    /// <summary>
    /// The secret, for whoever has to compute with it; null where it cannot be read, with the reason.
    /// </summary>
    public byte[]? Read(out string reason)
    {
        try
        {
            var secret = Encoding.UTF8.GetString(UserFile.ReadRegular(path, LongestFile)).Trim();
            reason = secret.Length < ShortestSecret ? $"it holds fewer than {ShortestSecret} characters" : "";
            return reason.Length > 0 ? null : Encoding.UTF8.GetBytes(secret);
        }
        catch (UnfitFileException unfit)
        {
            reason = unfit.Message;
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            reason = unreadable.GetType().Name;
            return null;
        }
    }

    /// <summary>Makes sure, before anything listens, that the secret is there.</summary>
    /// <param name="use">What the secret is for.</param>
    /// <exception cref="ListenerException">It is not.</exception>
    public void Require(string use)
    {
        if (Read(out var reason) is null)
            throw new ListenerException($"the {use} cannot be read from {path}: {reason}");
    }

    /// <summary>Whether somebody said the secret. How long it takes tells nothing of it, nor of its length.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="said">What was said.</param>
    public static bool Matches(byte[] secret, string said) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(secret), SHA256.HashData(Encoding.UTF8.GetBytes(said)));
}
