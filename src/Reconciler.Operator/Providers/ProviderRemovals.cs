using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Operator.Caching;
using Reconciler.Operator.Evaluating;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Providers;

/// <summary>
/// Loads and writes the removals in the statuses of AccessProviders, which outlive the memberships that made them.
/// </summary>
/// <param name="cache">The AccessProviders.</param>
/// <param name="store">Counts removals.</param>
/// <param name="statuses">Writes statuses of AccessProviders.</param>
/// <param name="rules">The rules of the runner.</param>
/// <param name="logger">Where bugs are logged.</param>
internal sealed class ProviderRemovals(
    ResourceCache cache,
    StatusStore store,
    ProviderStatuses statuses,
    OperatorRules rules,
    ILogger logger
)
{
    /// <summary>Loads the removals of some namespaces.</summary>
    public void Load(IEnumerable<string> namespaces)
    {
        foreach (var (document, provider) in namespaces.SelectMany(In))
            store.LoadRemovals(provider.Vendor.Type, provider.BaseUrl.AbsoluteUri, document.Resource);
    }

    /// <summary>Writes the removals of a namespace.</summary>
    /// <exception cref="Reconciler.Kubernetes.Client.KubernetesException">They could not be written.</exception>
    public async Task WriteAsync(string @namespace)
    {
        foreach (var (document, provider) in In(@namespace))
            await statuses.WriteRemovalsAsync(document.Resource, provider);
    }

    // One that cannot be read is skipped: its own change leads here again once it can.
    private IEnumerable<(ClusterDocument Document, DesiredProvider Provider)> In(string @namespace)
    {
        foreach (var document in cache.Providers(@namespace))
        {
            if (ProviderOf(document) is { } provider)
                yield return (document, provider);
        }
    }

    private DesiredProvider? ProviderOf(ClusterDocument document)
    {
        try
        {
            return MembershipResolver.ResolveProvider(document, rules.Now()).Provider;
        }
        catch (Exception unforeseen)
        {
            // A bug over one resource must not stop the others.
            OperatorLog.Unforeseen(logger, $"{document.Position}: {unforeseen.GetType().Name}: {unforeseen.Message}");
            return null;
        }
    }
}
