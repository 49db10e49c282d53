using Reconciler.Hosting.Reconciling;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Providers;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Reconciling;

/// <summary>Writes the statuses of AccessProviders beside the loop, and applies Approvals.</summary>
/// <param name="cache">The AccessProviders.</param>
/// <param name="memberships">The memberships that use them.</param>
/// <param name="schedule">Says which providers are asked.</param>
/// <param name="approvals">The Approvals.</param>
/// <param name="statuses">Writes the statuses.</param>
/// <param name="background">Runs beside the loop.</param>
/// <param name="rules">The rules of the runner.</param>
internal sealed class ProviderRefresher(
    ResourceCache cache,
    DesiredMemberships memberships,
    Schedule schedule,
    ClusterApprovals approvals,
    ProviderStatuses statuses,
    BackgroundWork background,
    OperatorRules rules
)
{
    /// <summary>Brings the AccessProviders of some namespaces up to date; called by the loop.</summary>
    public void Refresh(IReadOnlyCollection<string> namespaces)
    {
        approvals.Apply(schedule);
        var asked = schedule
            .Entries.Values.Where(e => !e.Project.Suspended)
            .Select(e => e.Project.Provider.Id)
            .ToHashSet(StringComparer.Ordinal);
        var users = memberships
            .All.Where(m => namespaces.Contains(m.Resource.Namespace))
            .ToLookup(m => $"{m.Resource.Namespace}/{m.Resource.SpecWord("provider")}", StringComparer.Ordinal);
        foreach (var document in namespaces.SelectMany(cache.Providers))
        {
            var id = $"{document.Resource.Namespace}/{document.Resource.Metadata.Name}";
            var use = new ProviderUse(users[id].Count(), asked.Contains(id), users[id].Any(m => m.IsForeign));
            background.Start(document.Position.Path, null, () => WriteAsync(document, use));
        }
    }

    private Task WriteAsync(ClusterDocument document, ProviderUse use)
    {
        var (provider, problem) = MembershipResolver.ResolveProvider(document, rules.Now());
        return statuses.WriteAsync(document.Resource, provider, problem, use, CancellationToken.None);
    }
}
