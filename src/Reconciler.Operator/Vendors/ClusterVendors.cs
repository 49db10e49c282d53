using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Resolving;
using Reconciler.Operator.Resources;

namespace Reconciler.Operator.Vendors;

/// <summary>
/// The VendorDefinitions of the cluster, as last seen. Written by the reflector, read from any thread. A definition
/// says where tokens go and what is a mail, so only resources that belong to no namespace are read.
/// </summary>
/// <param name="settings">Whether definitions are used, and which vendors of the program they replace.</param>
internal sealed class ClusterVendors(OperatorSettings settings)
{
    private ImmutableSortedDictionary<string, CheckedDefinition> _all = ImmutableSortedDictionary.Create<
        string,
        CheckedDefinition
    >(StringComparer.Ordinal);

    /// <summary>The names of all definitions.</summary>
    public IEnumerable<string> Names => Volatile.Read(ref _all).Keys;

    /// <summary>Finds a definition; null where there is none.</summary>
    public CheckedDefinition? Find(string name) => Volatile.Read(ref _all).GetValueOrDefault(name);

    /// <summary>Replaces a definition.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="resource">The resource; null where it is gone.</param>
    public void Set(string name, ClusterResource? resource)
    {
        var read = resource is null ? null : CheckedDefinition.Of(resource);
        ImmutableInterlocked.Update(ref _all, all => read is null ? all.Remove(name) : all.SetItem(name, read));
    }

    /// <summary>Replaces a resource whose status alone has changed.</summary>
    public void SetStatus(ClusterResource resource) =>
        ImmutableInterlocked.Update(
            ref _all,
            all =>
                all.TryGetValue(resource.Metadata.Name, out var known)
                && ClusterResource.IsSameSpec(known.Resource, resource)
                    ? all.SetItem(resource.Metadata.Name, known with { Resource = resource })
                    : all
        );

    /// <summary>Whether the program knows a vendor of this name by itself, which may not be replaced.</summary>
    /// <param name="name">The name.</param>
    /// <param name="builtIn">The vendors of the program.</param>
    public bool IsTaken(string name, VendorSet builtIn) =>
        !settings.OverriddenVendors.Contains(name) && builtIn.Types.Contains(name);

    /// <summary>Adds the described vendors to the runner's rules.</summary>
    /// <param name="rules">The rules, with the vendors of the program.</param>
    public RunnerRules Include(RunnerRules rules)
    {
        if (!settings.VendorDefinitions)
            return rules;
        var free = Volatile.Read(ref _all).Values.Where(d => !IsTaken(d.Name, rules.Vendors)).ToList();
        // A vendor that is to be replaced is never served by the program instead, also while its definition is wrong.
        return rules with
        {
            Vendors = rules.Vendors.With([.. free.Select(d => d.Vendor).OfType<Vendor>()], settings.OverriddenVendors),
            UnusableVendors = free.Where(d => d.Vendor is null)
                .ToImmutableDictionary(
                    d => d.Name,
                    d => $"kubectl describe vendordefinition {d.Name} shows its problems",
                    StringComparer.Ordinal
                ),
            VendorsAreResources = true,
        };
    }
}
