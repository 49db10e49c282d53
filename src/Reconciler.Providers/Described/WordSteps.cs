using System.Text.Json.Nodes;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;
using Reconciler.Providers.Http;

namespace Reconciler.Providers.Described;

/// <summary>The calls of one change, for vendors where each word of access is a call of its own.</summary>
/// <param name="api">The API.</param>
/// <param name="effect">The effect of each call.</param>
/// <param name="placeholder">The placeholder of the word.</param>
internal sealed class WordSteps(DescribedApi api, Effect effect, string placeholder)
{
    private readonly List<(DescribedCall Call, IReadOnlyDictionary<string, JsonNode?> Values, JsonNode Word)> _steps =
    [];

    /// <summary>Adds a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="values">The values of its other placeholders.</param>
    /// <param name="word">The word, as the vendor takes it.</param>
    public void Add(DescribedCall call, IReadOnlyDictionary<string, JsonNode?> values, JsonNode word) =>
        _steps.Add((call, values, word));

    /// <summary>Sends the calls, one after the other.</summary>
    /// <param name="cancellation">Cancels them before the first is sent.</param>
    /// <exception cref="ProviderException">
    /// Nothing was done, or (<see cref="ProviderException.IsSettledByReading"/>) a part of it.
    /// </exception>
    public async Task<WriteResult> SendAsync(CancellationToken cancellation)
    {
        var sent = 0;
        foreach (var (call, values, word) in _steps)
        {
            try
            {
                await api.SendAsync(
                    call,
                    effect,
                    name => (name == placeholder ? word : values[name])?.DeepClone(),
                    sent == 0 ? cancellation : CancellationToken.None
                );
            }
            catch (ProviderException failure) when (sent > 0 && failure.Fault != ProviderFault.Ambiguous)
            {
                throw new ProviderException(
                    failure.Fault,
                    $"{sent} of {_steps.Count} changes are done: {failure.Message}",
                    failure
                )
                {
                    RetryAfter = failure.RetryAfter,
                    IsSettledByReading = true,
                };
            }

            sent++;
        }

        return WriteResult.ReadBack;
    }
}
