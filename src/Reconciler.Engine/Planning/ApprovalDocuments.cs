using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Planning;

/// <summary>Turns documents of the kind Approval into approvals of holds.</summary>
public static class ApprovalDocuments
{
    /// <summary>
    /// The key by which a document counts as seen: the document and the hold that it approves. A changed hold makes
    /// another approval.
    /// </summary>
    /// <param name="document">The document.</param>
    public static string KeyOf(Approval document) => $"{document.Id} {document.Spec.Hold}";

    /// <summary>Reads the approvals of documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="firstSeen">
    /// Finds when an approval was first seen, by its key; null where that is not recorded.
    /// </param>
    /// <param name="now">The current time.</param>
    public static Approvals Of(
        IEnumerable<Approval> documents,
        Func<string, DateTimeOffset?> firstSeen,
        DateTimeOffset now
    ) =>
        new([
            .. documents.Select(d =>
                Of(d, $"the Approval {d.Id} at {d.Metadata.Origin.Position}", firstSeen(KeyOf(d)), now)
            ),
        ]);

    /// <summary>Reads the approval of one document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="name">Its name and place, for messages.</param>
    /// <param name="since">The time from which it is valid; null where no record shows when it was first seen.</param>
    /// <param name="now">The current time.</param>
    public static GivenApproval Of(Approval document, string name, DateTimeOffset? since, DateTimeOffset now)
    {
        var (spec, approval) = (
            document.Spec,
            new GivenApproval(document.Spec.Hold, $"{name}: {document.Spec.Reason}")
        );
        if (spec.Expires is not { } expires)
        {
            return since is { } seen
                ? approval with
                {
                    Ends = seen + ApprovalSpec.Usual,
                }
                : approval with
                {
                    Problem = "it states no end, and no state remembers when it was first seen; expected expires",
                };
        }

        return expires.At - (since ?? now) > ApprovalSpec.Longest
            ? approval with
            {
                Ends = expires.At,
                Problem = $"its end {expires} is more than 7 days ahead; expected an earlier one",
            }
            : approval with
            {
                Ends = expires.At,
            };
    }

    /// <summary>Reads the approvals of documents, each valid from the time when it was first seen.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="memory">Records when each was first seen; null where nothing is recorded.</param>
    /// <param name="writes">Whether new approvals are recorded as seen now. A plan must not record anything.</param>
    /// <param name="now">The current time.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">The record cannot be read or written.</exception>
    public static async Task<Approvals> OfAsync(
        ImmutableArray<Approval> documents,
        IApprovalMemory? memory,
        bool writes,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (documents.IsEmpty)
            return Approvals.None;
        if (memory is null)
            return Of(documents, _ => null, now);
        if (writes)
            await memory.SeeAsync([.. documents.Select(KeyOf)], now, cancellation);
        var seen = await memory.FirstSeenAsync(cancellation);
        return Of(documents, key => seen.TryGetValue(key, out var at) ? at : now, now);
    }
}
