using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.Clarifeye;
using Reconciler.Providers.ConfidentAi;
using Reconciler.Providers.EquinixMetal;
using Reconciler.Providers.GoRules;
using Reconciler.Providers.Http;

namespace Reconciler.Providers;

/// <summary>One vendor of the catalog.</summary>
/// <param name="Vendor">What is known of it without asking it.</param>
/// <param name="Connect"> Makes a connection, and sends nothing yet; null where this version can check manifests for
/// the vendor and not talk to it.
/// </param>
public sealed record CatalogEntry(Vendor Vendor, Func<ConnectionSettings, ProviderConnection>? Connect);

/// <summary>The vendors that manifests may name.</summary>
public static class ProviderCatalog
{
    /// <summary>All of them, in order of their types.</summary>
    public static ImmutableArray<CatalogEntry> All { get; } =
    [
        Guarded(ClarifeyeAccess.Vendor, ClarifeyeProvider.Connect),
        Guarded(ConfidentAiAccess.Vendor, ConfidentAiProvider.Connect),
        Guarded(EquinixMetalAccess.Vendor, EquinixMetalProvider.Connect),
        Guarded(GoRulesAccess.Vendor, GoRulesProvider.Connect),
    ];

    /// <summary>The vendors, for whoever checks manifests.</summary>
    public static ImmutableArray<Vendor> Vendors { get; } = [.. All.Select(entry => entry.Vendor)];

    private static CatalogEntry Guarded(Vendor vendor, Func<ConnectionSettings, ProviderConnection> connect) =>
        new(vendor, settings => TokenGuard.Around(connect(settings), settings));

    /// <summary>A vendor by the type that manifests name; null where there is none such.</summary>
    /// <param name="type">The type, such as <c>clarifeye</c>.</param>
    public static CatalogEntry? Find(string type) => All.FirstOrDefault(entry => entry.Vendor.Type == type);
}
