using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Reconciler.Worker.Web;

/// <summary>
/// Whether a call of the webhook comes from who knows the secret. GitHub signs the body
/// (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries); GitLab sends the secret itself
/// (https://docs.gitlab.com/user/project/integrations/webhooks/). The body is hashed as it comes in and never kept or
/// understood.
/// </summary>
internal static class PushSignature
{
    private const string GitHub = "X-Hub-Signature-256";
    private const string GitLab = "X-Gitlab-Token";
    private const string Prefix = "sha256=";
    private const int Chunk = 16 * 1024;

    /// <summary>Reads the body to its end and judges the call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="BadHttpRequestException">
    /// The body is larger than is read, or not sent as HTTP asks for.
    /// </exception>
    public static async Task<bool> IsGenuineAsync(HttpRequest request, byte[] secret)
    {
        var (signature, token) = (request.Headers[GitHub], request.Headers[GitLab]);
        // Neither GitHub nor GitLab sends both headers, so a call with two proofs is refused.
        if (signature.Count + token.Count != 1)
            return false;
        if (token.Count == 1 && !SecretFile.Matches(secret, token.ToString()))
            return false;
        var expected = signature.Count == 1 ? Digest(signature.ToString()) : [];
        if (expected is null)
            return false;
        var found = await SignAsync(request, secret);
        return token.Count == 1 || CryptographicOperations.FixedTimeEquals(expected, found);
    }

    private static async Task<byte[]> SignAsync(HttpRequest request, byte[] secret)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0; )
                hash.AppendData(buffer, 0, read);
            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[]? Digest(string header)
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        if (!header.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        return
            Convert.FromHexString(header.AsSpan(Prefix.Length), digest, out var read, out var written)
                == OperationStatus.Done
            && written == digest.Length
            && read == header.Length - Prefix.Length
            ? digest
            : null;
    }
}
