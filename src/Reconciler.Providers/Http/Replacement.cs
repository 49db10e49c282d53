using Reconciler.Core.Actions;
using Reconciler.Core.Manifests.Values;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Replaces an invitation at vendors that cannot change one: revokes the old one, then sends the new one. The new one
/// is sent only where the answer proves that the old one was still pending. A person who has accepted is a member, and
/// needs no invitation.
/// </summary>
internal static class Replacement
{
    /// <summary>
    /// The action that sends the new invitation: it goes where the manifests say, and not to the spelling or alias that
    /// the old one went to.
    /// </summary>
    /// <param name="action">The action that replaces an invitation.</param>
    public static PlannedAction Anew(PlannedAction action)
    {
        var old = action.Invitation!;
        var isSameAccount = EmailAddress.KeyOf(old.Email) == EmailAddress.KeyOf(action.Email);
        return action with { Invitation = null, AccountId = action.AccountId ?? (isSameAccount ? old.PersonId : null) };
    }

    /// <summary>Revokes the old invitation and sends the new one.</summary>
    /// <param name="revoke">
    /// Revokes the old invitation; returns <see cref="WriteResult.Confirmed"/> where the answer proves that it was
    /// pending.
    /// </param>
    /// <param name="invite">
    /// Sends the new invitation. It is not cancelled, since the person would be left without any invitation.
    /// </param>
    /// <exception cref="ProviderException">
    /// The old invitation could not be revoked, or (<see cref="ProviderException.IsPartlyDone"/>) is revoked and no new
    /// one is known to have been sent.
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
