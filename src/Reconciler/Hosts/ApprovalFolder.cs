using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Ports;
using Reconciler.Engine.Planning;
using Reconciler.Manifests;

namespace Reconciler.Hosts;

/// <summary>The Approvals that the runner names, in a folder of their own. None among the manifests is ever one of them.</summary>
internal static class ApprovalFolder
{
    /// <summary>Reads them. A folder that holds none is right: approvals come and go.</summary>
    /// <param name="request">What names the folder.</param>
    /// <param name="problems">Gets every problem found.</param>
    public static ImmutableArray<Approval> Read(ManifestRequest request, Problems problems)
    {
        if (request.Approvals is not { } path)
            return [];
        var manifests = ManifestReader.ReadAll([path], [], problems, request.Folder);
        foreach (var other in manifests.All<Manifest>().Where(m => m is not Approval))
        {
            problems.Error(
                other.Metadata.Origin,
                $"stands among the Approvals of {path}; expected documents of the kind Approval only"
            );
        }

        return [.. manifests.All<Approval>()];
    }

    /// <summary>Says that Approvals among the manifests are none, and where they belong.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="problems">Gets the problems.</param>
    public static void Refuse(ManifestSet manifests, Problems problems)
    {
        foreach (var approval in manifests.All<Approval>())
        {
            problems.Error(
                approval.Metadata.Origin,
                $"Approval {approval.Id} stands among the manifests, and who proposes a change must not release it; "
                    + "expected it in the runner's folder, which --approvals or the worker's setting approvals names"
            );
        }
    }

    /// <summary>What the documents approve now.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="memory">Remembers when each was first seen; null where nothing does.</param>
    /// <param name="writes">Whether those that are new are noted as seen now; a plan leaves no trace.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops before anything is read.</param>
    /// <exception cref="LedgerException">What was seen cannot be read or noted.</exception>
    public static async Task<Approvals> ApprovalsAsync(
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
            return ApprovalDocuments.Of(documents, _ => null, now);
        if (writes)
            await memory.SeeAsync([.. documents.Select(ApprovalDocuments.KeyOf)], now, cancellation);
        var seen = await memory.FirstSeenAsync(cancellation);
        return ApprovalDocuments.Of(documents, key => seen.TryGetValue(key, out var at) ? at : now, now);
    }
}
