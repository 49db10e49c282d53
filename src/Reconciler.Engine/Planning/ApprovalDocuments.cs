using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;

namespace Reconciler.Engine.Planning;

/// <summary>Turns documents of the kind Approval into what may release holds.</summary>
public static class ApprovalDocuments
{
    /// <summary>
    /// What names an approval among those that were seen: its document, and what it approves. A changed hold is another
    /// approval.
    /// </summary>
    /// <param name="document">The document.</param>
    public static string KeyOf(Approval document) => $"{document.Id} {document.Spec.Hold}";

    /// <summary>The approvals of documents.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="firstSeen">When one was first seen, by its key; null where nobody remembers that.</param>
    /// <param name="now">The time.</param>
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

    /// <summary>The approval of one document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="name">What it is called, with its place.</param>
    /// <param name="since">From when on it is good; null where nobody remembers that.</param>
    /// <param name="now">The time.</param>
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

    /// <summary>The approvals of documents now, each counted from when it was first seen.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="memory">Remembers when each was first seen; null where nothing does.</param>
    /// <param name="writes">Whether those that are new are noted as seen now; a plan leaves no trace.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">What was seen cannot be read or noted.</exception>
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
