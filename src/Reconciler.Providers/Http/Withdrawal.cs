using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// A call that takes an invitation or a membership away. A refusal (400, 422) or 404 may mean that nothing is there any
/// more: because it is gone, or because an invitation was accepted in the meantime. Only reading the project tells
/// which, so the refusal says that reading settles it.
/// </summary>
internal static class Withdrawal
{
    /// <summary>Sends the call.</summary>
    /// <param name="call">The call; its result says what its answer proves.</param>
    /// <exception cref="ProviderException">
    /// It was not done, or (<see cref="ProviderException.IsSettledByReading"/>) reading tells.
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

    /// <summary>Sends a call whose success says no more than that it succeeded.</summary>
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
