using System.Net;
using Reconciler.Hosting;
using Reconciler.Manifests.Loading;

namespace Reconciler.Operator;

/// <summary>What an operator does, as its command line says.</summary>
public sealed record OperatorSettings
{
    /// <summary>The only namespace to look at; null for all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>
    /// Which memberships this operator works on; it sees the others, so that no project has two owners.
    /// </summary>
    public LabelQuery Selector { get; init; } = LabelQuery.Everything;

    /// <summary>The name of the shard that works on those.</summary>
    public string Shard { get; init; } = "default";

    /// <summary>Whether one of several replicas works at a time.</summary>
    public bool ElectLeader { get; init; } = true;

    /// <summary>Where the Lease is; null for the namespace of the connection.</summary>
    public string? LeaseNamespace { get; init; }

    /// <summary>How long a Lease lasts; null for 15 s with a deadline of 10 s and an attempt every 2 s.</summary>
    internal (TimeSpan Lease, TimeSpan Deadline, TimeSpan Retry)? LeaseTimes { get; init; }

    /// <summary>Where health and metrics are; null for nowhere.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>
    /// How long a deletion waits for another membership that declares the project, before people are taken out.
    /// </summary>
    public TimeSpan DeletionGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Hosts that tokens may go to, besides the vendors' published ones.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether VendorDefinitions of the cluster add vendors.</summary>
    public bool VendorDefinitions { get; init; }

    /// <summary>The vendors of the program that VendorDefinitions of the same name replace.</summary>
    public IReadOnlyList<string> OverriddenVendors { get; init; } = [];

    /// <summary>A file or folder with Guardrails that no namespace can relax.</summary>
    public string? Guardrails { get; init; }

    /// <summary>The most removals per hour and account.</summary>
    public int? MaxRemovals { get; init; }

    /// <summary>Whether the built-in limits are lifted.</summary>
    public bool LiftsBuiltInLimits { get; init; }

    /// <summary>The form and level of the log.</summary>
    public LogSection Log { get; init; } = new();

    /// <summary>The name of the Lease.</summary>
    internal string LeaseName => Shard == "default" ? "reconciler-operator" : $"reconciler-operator-{Shard}";

    /// <summary>The rules of the runner about manifests.</summary>
    /// <param name="folder">Where relative paths start.</param>
    public ManifestRequest Request(string folder) =>
        new([])
        {
            Folder = folder,
            AllowedHosts = AllowedHosts,
            Guardrails = Guardrails,
            MaxRemovals = MaxRemovals,
            LiftsBuiltInLimits = LiftsBuiltInLimits,
        };
}
