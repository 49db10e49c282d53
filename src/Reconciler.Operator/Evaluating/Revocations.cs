using System.Collections.Immutable;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Resources;
using Reconciler.Operator.Status;

namespace Reconciler.Operator.Evaluating;

/// <summary>Turns ledgers into projects whose people are to be removed.</summary>
internal static class Revocations
{
    /// <summary>Makes a project of each ledger.</summary>
    /// <param name="resource">The membership.</param>
    /// <param name="namespace">The resources of its namespace.</param>
    /// <param name="entries">The ledgers.</param>
    /// <param name="rules">The rules of the runner.</param>
    /// <returns>The projects, and a ledger whose project no AccessProvider leads to; null where there is
    /// none.</returns>
    public static (ImmutableArray<DesiredProject> Revoked, ProjectLedgerEntry? Unreachable) Of(
        ClusterResource resource,
        NamespaceResources @namespace,
        List<ProjectLedgerEntry> entries,
        RunnerRules rules
    )
    {
        var state = MembershipResolver.WithoutDocuments(@namespace, rules);
        var position = ClusterDocument.PositionOf(nameof(Reconciler.Core.Manifests.Kinds.ProjectMembership), resource);
        var revoked = ImmutableArray.CreateBuilder<DesiredProject>();
        ProjectLedgerEntry? unreachable = null;
        foreach (var entry in entries)
        {
            if (ProviderOf(entry, state.Connections, resource.SpecWord("provider")) is not { } provider)
            {
                unreachable = entry;
                continue;
            }

            revoked.Add(
                DeletedProjects.Revoke(new(entry.Project, entry.Ledger, ""), provider, state) with
                {
                    Approval = resource.Annotation(ClusterResource.Approve),
                    Declared = position,
                }
            );
        }

        return (revoked.ToImmutable(), unreachable);
    }

    // Two providers of one account may have different tokens and ignore different people, so the one that is named
    // counts.
    private static DesiredProvider? ProviderOf(
        ProjectLedgerEntry entry,
        ImmutableArray<DesiredProvider> connections,
        string? named
    )
    {
        var leading = connections
            .Where(c => c.Vendor.Type == entry.Project.VendorType && c.BaseUrl.AbsoluteUri == entry.Project.BaseUrl)
            .ToList();
        return leading.FirstOrDefault(c => c.Name == named) ?? (leading.Count == 1 ? leading[0] : null);
    }
}
