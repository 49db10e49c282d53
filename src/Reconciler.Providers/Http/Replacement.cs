using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// An invitation made anew, for vendors that cannot change one: the old one is revoked, then the new one is sent. An old one that is gone is
/// no reason to stop, so that a replacement whose answer was lost can be done again: where it is gone because the person accepted, or is still
/// there, the vendors refuse or skip the new one.
/// </summary>
internal static class Replacement
{
    /// <summary>Revokes, and invites.</summary>
    /// <param name="revoke">Revokes; <see cref="WriteResult.Confirmed"/> where the old invitation is known to be gone by it.</param>
    /// <param name="invite">Invites; it is not cancelled, since the person would be left without any invitation.</param>
    /// <exception cref="ProviderException">The old one could not be revoked, or (<see cref="ProviderException.IsPartlyDone"/>) is revoked and no new one is known to be out.</exception>
    public static async Task<WriteResult> SendAsync(Task<WriteResult> revoke, Func<CancellationToken, Task<WriteResult>> invite)
    {
        var isRevoked = await IsRevokedAsync(revoke);
        try
        {
            return await invite(CancellationToken.None);
        }
        catch (ProviderException refusal) when (isRevoked)
        {
            throw new ProviderException(refusal.Fault, $"the old invitation is revoked, and no new one is known to be out: {refusal.Message}", refusal)
            {
                RetryAfter = refusal.RetryAfter,
                IsPartlyDone = true,
            };
        }
    }

    // Whatever is gone already is refused or not found.
    private static async Task<bool> IsRevokedAsync(Task<WriteResult> revoke)
    {
        try
        {
            return await revoke is WriteResult.Confirmed;
        }
        catch (ProviderException gone) when (gone.Fault is ProviderFault.Refused or ProviderFault.NotFound)
        {
            return false;
        }
    }
}
