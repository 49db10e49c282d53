using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;

namespace Reconciler.Manifests.Loading;

/// <summary>
/// Reads the runner's Approvals from a folder of their own. Approvals among the manifests do not count.
/// </summary>
public static class ApprovalFolder
{
    /// <summary>Reads the Approvals. An empty folder is valid.</summary>
    /// <param name="request">The request with the folder.</param>
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

    /// <summary>Reports Approvals among the manifests as errors, with the place where they belong.</summary>
    /// <param name="manifests">The manifests.</param>
    /// <param name="problems">Gets the problems.</param>
    internal static void Refuse(ManifestSet manifests, Problems problems)
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
}
