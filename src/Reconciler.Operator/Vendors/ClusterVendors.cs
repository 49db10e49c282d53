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

    private volatile Included? _included;

    /// <summary>The names of all definitions.</summary>
    public IEnumerable<string> Names => Volatile.Read(ref _all).Keys;

    /// <summary>Finds a definition; null where there is none.</summary>
    public CheckedDefinition? Find(string name) => Volatile.Read(ref _all).GetValueOrDefault(name);

    /// <summary>How many definitions AccessProviders can name, and how many not.</summary>
    /// <param name="builtIn">The vendors of the program.</param>
    public (int Ready, int NotReady) Count(VendorSet builtIn)
    {
        var all = Volatile.Read(ref _all).Values.ToList();
        var ready = all.Count(d => d.Vendor is not null && UseOf(d, builtIn) is NameUse.Free or NameUse.Copy);
        return (ready, all.Count - ready);
    }

    /// <summary>Replaces a definition.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="now">The definition; null where it is gone.</param>
    /// <returns>The definition before; null where there was none.</returns>
    public CheckedDefinition? Set(string name, CheckedDefinition? now)
    {
        // One reflector alone calls this, so nothing replaces a definition in between.
        var before = Find(name);
        ImmutableInterlocked.Update(ref _all, all => now is null ? all.Remove(name) : all.SetItem(name, now));
        return before;
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

    /// <summary>Says who has the name of a definition.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="builtIn">The vendors of the program.</param>
    public NameUse UseOf(CheckedDefinition definition, VendorSet builtIn)
    {
        if (settings.OverriddenVendors.Contains(definition.Name) || builtIn.Find(definition.Name) is not { } own)
            return NameUse.Free;
        return own.Description is null ? NameUse.Taken
            : own.DefinitionDigest == definition.Vendor?.DefinitionDigest ? NameUse.Copy
            : NameUse.TakenByAnother;
    }

    /// <summary>Adds the described vendors to the runner's rules.</summary>
    /// <param name="rules">The rules, with the vendors of the program.</param>
    public RunnerRules Include(RunnerRules rules)
    {
        if (!settings.VendorDefinitions)
            return rules;
        var all = Volatile.Read(ref _all);
        var known = _included;
        if (known is null || !ReferenceEquals(known.All, all) || !ReferenceEquals(known.BuiltIn, rules.Vendors))
            _included = known = IncludedOf(all, rules.Vendors);
        return rules with { Vendors = known.Vendors, UnusableVendors = known.Unusable, VendorsAreResources = true };
    }

    private Included IncludedOf(ImmutableSortedDictionary<string, CheckedDefinition> all, VendorSet builtIn)
    {
        var free = all.Values.Where(d => UseOf(d, builtIn) == NameUse.Free).ToList();
        return new(
            all,
            builtIn,
            // A vendor that is to be replaced is never served by the program instead, also while its definition is
            // wrong.
            builtIn.With([.. free.Select(d => d.Vendor).OfType<Vendor>()], settings.OverriddenVendors),
            free.Where(d => d.Vendor is null)
                .ToImmutableDictionary(
                    d => d.Name,
                    d => $"kubectl describe vendordefinition {d.Name} shows its problems",
                    StringComparer.Ordinal
                )
        );
    }

    // What was made of the definitions and the program's vendors: the rules are asked for once for each resource.
    private sealed record Included(
        ImmutableSortedDictionary<string, CheckedDefinition> All,
        VendorSet BuiltIn,
        VendorSet Vendors,
        ImmutableDictionary<string, string> Unusable
    );
}
