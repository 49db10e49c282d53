using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// An invitation made anew, for vendors that cannot change one: the old one is revoked, then the new one is sent. The
/// new one is sent only where the answer proves that the old one was still pending: somebody who accepted it is a
/// member, and a new invitation would be a mail for nothing.
/// </summary>
internal static class Replacement
{
    /// <summary>Revokes, and invites.</summary>
    /// <param name="revoke">
    /// Revokes; <see cref="WriteResult.Confirmed"/> where the answer proves that the old invitation was pending.
    /// </param>
    /// <param name="invite">
    /// Invites; it is not cancelled, since the person would be left without any invitation.
    /// </param>
    /// <exception cref="ProviderException">
    /// The old one could not be revoked, or (<see cref="ProviderException.IsPartlyDone"/>) is revoked and no new one is
    /// known to be out.
    /// </exception>
    public static async Task<WriteResult> SendAsync(
        Task<WriteResult> revoke,
        Func<CancellationToken, Task<WriteResult>> invite
    )
    {
        if (await revoke is not WriteResult.Confirmed)
            return WriteResult.OnlyRevoked;
        try
        {
            return await invite(CancellationToken.None);
        }
        catch (ProviderException refusal)
        {
            throw new ProviderException(
                refusal.Fault,
                $"the old invitation is revoked, and no new one is known to be out: {refusal.Message}",
                refusal
            )
            {
                RetryAfter = refusal.RetryAfter,
                IsPartlyDone = true,
            };
        }
    }
}
