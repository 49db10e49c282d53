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

    /// <summary>Says why no connection leads to a ledger's project, and what to do.</summary>
    /// <param name="entry">The ledger.</param>
    /// <param name="rules">The rules of the runner.</param>
    public static string WhyUnreachable(ProjectLedgerEntry entry, RunnerRules rules)
    {
        var type = entry.Project.VendorType;
        if (rules.UnusableVendors.TryGetValue(type, out var told))
            return $"the VendorDefinition {type} of its vendor cannot be used, and {told}: correct it";
        if (rules.VendorsAreResources && !rules.Vendors.Types.Contains(type))
            return $"the VendorDefinition {type} of its vendor is gone: create it again";
        return $"no AccessProvider of this namespace leads to {entry.Project.BaseUrl} any more, "
            + "or several do and none is the one it names: make one again";
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
