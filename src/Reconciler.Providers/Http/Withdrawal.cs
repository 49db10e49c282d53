using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Sends a call that takes away an invitation or a membership, or that changes an invitation. A refusal (400, 422) or
/// 404 may mean that it is gone already, or that the invitation was accepted. Only a reading shows which, so such an
/// error is marked to be confirmed by reading.
/// </summary>
internal static class Withdrawal
{
    /// <summary>Sends the call.</summary>
    /// <param name="call">The call; its result shows what its answer proves.</param>
    /// <exception cref="ProviderException">
    /// The call was not done, or (<see cref="ProviderException.IsSettledByReading"/>) a reading must show whether it
    /// was.
    /// </exception>
    public static async Task<WriteResult> SendAsync(Task<WriteResult> call)
    {
        try
        {
            return await call;
        }
        catch (ProviderException refusal) when (refusal.Fault is ProviderFault.Refused or ProviderFault.NotFound)
        {
            throw new ProviderException(refusal.Fault, refusal.Message, refusal)
            {
                RetryAfter = refusal.RetryAfter,
                IsPartlyDone = refusal.IsPartlyDone,
                IsSettledByReading = true,
            };
        }
    }

    /// <summary>Sends a call whose answer only reports success.</summary>
    /// <param name="call">The call.</param>
    /// <param name="success">What its success proves.</param>
    public static async Task<WriteResult> SendAsync(Task call, WriteResult success) =>
        await SendAsync(AfterAsync(call, success));

    private static async Task<WriteResult> AfterAsync(Task call, WriteResult success)
    {
        await call;
        return success;
    }
}
