using System.Collections.Immutable;
using System.Text.Json;
using Reconciler.Core.Membership.Describing;
using Reconciler.Core.Ports;

namespace Reconciler.Providers.Http;

/// <summary>
/// Maps the refusal of an invitation to its meaning, as the vendor's documents state it: a status and the value of one
/// field. Message texts are never used, since they change and are translated. Where a vendor documents nothing, only a
/// long Retry-After shows that no more invitations are allowed.
/// </summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Pointer">The field, as a JSON pointer (RFC 6901), such as <c>/error/code</c>.</param>
/// <param name="Value">The field's value.</param>
/// <param name="Fault"><see cref="ProviderFault.NoSeat"/> or <see cref="ProviderFault.InvitationsSpent"/>.</param>
internal sealed record AnswerMeaning(int Status, string Pointer, string Value, ProviderFault Fault)
{
    /// <summary>Finds the meaning of an answer to an invitation.</summary>
    /// <param name="meanings">The documented meanings.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body.</param>
    /// <returns>The fault; null where the answer has no special meaning.</returns>
    public static ProviderFault? Of(ImmutableArray<AnswerMeaning> meanings, int status, ReadOnlyMemory<byte> body)
    {
        if (!meanings.Any(m => m.Status == status))
            return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return meanings.FirstOrDefault(m => m.Status == status && m.IsIn(json.RootElement))?.Fault;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsIn(JsonElement element) => JsonPointer.Parse(Pointer)?.TextIn(element) == Value;
}
