using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Engine.Planning;

/// <summary>Turns documents of the kind Approval into what may release holds.</summary>
public static class ApprovalDocuments
{
    /// <summary>What names an approval among those that were seen: its document, and what it approves. A changed hold is another approval.</summary>
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
}
