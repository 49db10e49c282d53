using System.Collections.ObjectModel;

namespace Reconciler.Manifests.Loading;

/// <summary>Which manifests to read, and what the runner decides about them.</summary>
/// <param name="Paths">Files and folders.</param>
public sealed record ManifestRequest(IReadOnlyList<string> Paths)
{
    /// <summary>The folder that relative paths start from.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Patterns of files and folders to leave out, as in .gitignore.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Only the projects of these AccessProviders; empty for all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Only these ProjectMemberships, by name or by the vendor's id; empty for all.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Hosts that tokens may go to, besides the vendors' published ones.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Base URLs that replace those of the manifests, each as <c>NAME=URL</c>.</summary>
    public IReadOnlyList<string> BaseUrls { get; init; } = [];

    /// <summary>The option or setting that gave the base URLs, for error texts.</summary>
    public string BaseUrlsGivenBy { get; init; } = "--base-url";

    /// <summary>Environment variables that manifests may name, besides <c>RECONCILER_*</c>.</summary>
    public IReadOnlyList<string> AllowedVariables { get; init; } = [];

    /// <summary>The folder of the token files that manifests may name; null if they may name none.</summary>
    public string? SecretsFolder { get; init; }

    /// <summary>The path of all AccessProviders; null if they are among the manifests.</summary>
    public string? Connections { get; init; }

    /// <summary>The path of the runner's own Guardrails; null if there are none.</summary>
    public string? Guardrails { get; init; }

    /// <summary>The path of the runner's Approvals; null if there are none.</summary>
    public string? Approvals { get; init; }

    /// <summary>The path of the runner's VendorDefinitions; null if there are none.</summary>
    public string? Vendors { get; init; }

    /// <summary>The vendors of the program that VendorDefinitions replace.</summary>
    public IReadOnlyList<string> OverriddenVendors { get; init; } = [];

    /// <summary>The most removals per hour and provider; null if the runner states no number.</summary>
    public int? MaxRemovals { get; init; }

    /// <summary>Whether the runner lifts the built-in limits.</summary>
    public bool LiftsBuiltInLimits { get; init; }

    /// <summary>An earlier revision of the manifests, whose people count as owned; null for none.</summary>
    public string? Baseline { get; init; }

    /// <summary>Whether a path may hold no manifest. Nothing counts as deleted from such a path.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>The option or setting that allows it, for error texts.</summary>
    public string AllowsEmptyBy { get; init; } = "--allow-empty";

    /// <summary>The runner's own paths, which must not be among the manifests, each with its option.</summary>
    public IEnumerable<(string Option, string Path)> OutsideManifests =>
        new (string Option, string? Path)[]
        {
            ("--guardrails", Guardrails),
            ("--approvals", Approvals),
            ("--connections", Connections),
            ("--vendors", Vendors),
            ("--secrets-dir", SecretsFolder),
        }
            .Where(o => o.Path is not null)
            .Select(o => (o.Option, o.Path!));

    /// <summary>The scope of these manifests; null for the files and folders themselves.</summary>
    public ReadScope? Scope { get; init; }

    /// <summary>Texts to read instead of what files hold, by the paths of the files as they are shown.</summary>
    public IReadOnlyDictionary<string, string> Edited { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Texts that are read after the files as if they were files at these paths, because they are about to be written
    /// there.
    /// </summary>
    public IReadOnlyList<(string Path, string Text)> Drafts { get; init; } = [];
}
