using System.Text.Json.Nodes;
using Reconciler.Core.Actions;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Described;

/// <summary>
/// Reads what a call sends back, just before it: the vendor empties what the call does not repeat. What somebody else
/// changes until the call is done is lost.
/// </summary>
internal sealed class ReadFirst(DescribedApi api)
{
    /// <summary>Adds the values that are read to those of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="action">The action that it is for.</param>
    /// <param name="values">The values of its other placeholders.</param>
    /// <param name="cancellation">Cancels waits.</param>
    /// <exception cref="ProviderException">It cannot be read, so nothing may be sent.</exception>
    public async Task AddAsync(
        DescribedCall call,
        PlannedAction action,
        Dictionary<string, JsonNode?> values,
        CancellationToken cancellation
    )
    {
        if (call.Reads is not { } reads)
            return;
        var answer = await api.GetAsync(reads.Path, name => values[name]!.ToString(), [], cancellation);
        foreach (var (placeholder, at) in reads.Values)
        {
            if (!at.IsIn(answer.Json) && !call.Body!.Parts.First(p => p.Text == placeholder).IsOptional)
                throw new ProviderException(
                    ProviderFault.Refused,
                    $"nothing was sent for {action.Person.Label}: the vendor answered without {JsonItem.Shown(at)}, "
                        + "which has to be sent back"
                );
            values[placeholder] = at.TryFind(answer.Json, out var found) ? JsonNode.Parse(found.GetRawText()) : null;
        }
    }
}
