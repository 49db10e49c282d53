using System.Collections.Immutable;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;

namespace Reconciler.Core.Resolving;

/// <summary>
/// The settings of the runner that no manifest can change: where tokens may go, which variables may be read, and limits
/// that only tighten.
/// </summary>
/// <param name="Vendors">The vendors that manifests may name.</param>
/// <param name="Now">The time of the run, which decides what has expired.</param>
public sealed record RunnerRules(VendorSet Vendors, DateTimeOffset Now)
{
    /// <summary>
    /// Vendors whose VendorDefinition cannot be used now, each with where its problems are told. Nothing is sent to
    /// them.
    /// </summary>
    public ImmutableDictionary<string, string> UnusableVendors { get; init; } =
        ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether VendorDefinitions come and go as resources, so that one may be missing just now.</summary>
    public bool VendorsAreResources { get; init; }

    /// <summary>Hosts, beyond the vendors' published ones, that tokens may go to; in lower case.</summary>
    public ImmutableHashSet<string> AllowedHosts { get; init; } = [];

    /// <summary>Base URLs that replace those of the manifests, by the AccessProviders' names.</summary>
    public ImmutableDictionary<string, string> BaseUrls { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The option or setting that gave those base URLs, for error texts.</summary>
    public string BaseUrlsGivenBy { get; init; } = "--base-url";

    /// <summary>Environment variables, beyond <c>RECONCILER_*</c>, that manifests may name.</summary>
    public ImmutableHashSet<string> AllowedVariables { get; init; } = [];

    /// <summary>
    /// Environment variables that are settings of the program itself; manifests may never name them. The set's comparer
    /// decides whether the case counts.
    /// </summary>
    public ImmutableHashSet<string> OwnVariables { get; init; } = [];

    /// <summary>The runner's own Guardrails; they hold in every namespace.</summary>
    public ImmutableArray<Guardrail> Guardrails { get; init; } = [];

    /// <summary>The most removals per hour and account; null if the runner states no number.</summary>
    public int? MaxRemovals { get; init; }

    /// <summary>Whether the runner lifts the built-in limits. Guardrails still hold.</summary>
    public bool LiftsBuiltInLimits { get; init; }
}
