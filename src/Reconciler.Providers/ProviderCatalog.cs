using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Ports;
using Reconciler.Providers.ConfidentAi;
using Reconciler.Providers.Described;
using Reconciler.Providers.EquinixMetal;
using Reconciler.Providers.GoRules;
using Reconciler.Providers.Http;

namespace Reconciler.Providers;

/// <summary>A vendor in the catalog.</summary>
/// <param name="Vendor">What is known about it without a request.</param>
/// <param name="Connect">Opens a connection, without sending anything yet.</param>
public sealed record CatalogEntry(Vendor Vendor, Func<ConnectionSettings, ProviderConnection> Connect);

/// <summary>
/// Lists the vendors whose providers are code. Manifests may also name those that definitions describe.
/// </summary>
public static class ProviderCatalog
{
    /// <summary>The vendors in code, ordered by type.</summary>
    public static ImmutableArray<CatalogEntry> All { get; } =
    [
        Guarded(ConfidentAiAccess.Vendor, ConfidentAiProvider.Connect),
        Guarded(EquinixMetalAccess.Vendor, EquinixMetalProvider.Connect),
        Guarded(GoRulesAccess.Vendor, GoRulesProvider.Connect),
    ];

    /// <summary>The vendors in code, without those that definitions describe.</summary>
    public static ImmutableArray<Vendor> Vendors { get; } = [.. All.Select(entry => entry.Vendor)];

    /// <summary>Opens a connection to a vendor, without sending anything yet.</summary>
    /// <param name="vendor">A vendor of the catalog, or one that a definition describes.</param>
    /// <param name="settings">The settings of the connection.</param>
    /// <exception cref="ProviderException">The configuration is invalid.</exception>
    public static ProviderConnection Connect(Vendor vendor, ConnectionSettings settings)
    {
        if (settings.MayWrite is not { } mayWrite)
            return Open(vendor, settings);
        var permit = new WritePermit(mayWrite);
        var connection = Open(vendor, settings with { Permit = permit });
        return connection with { Writer = () => permit.Guard(connection.Writer()) };
    }

    private static ProviderConnection Open(Vendor vendor, ConnectionSettings settings) =>
        vendor.Description is null
            ? Find(vendor.Type)!.Connect(settings)
            : TokenGuard.Around(DescribedProvider.Connect(vendor, settings), settings);

    private static CatalogEntry Guarded(Vendor vendor, Func<ConnectionSettings, ProviderConnection> connect) =>
        new(vendor, settings => TokenGuard.Around(connect(settings), settings));

    /// <summary>Finds a vendor in code by its type; null if there is none.</summary>
    /// <param name="type">The type, such as <c>gorules</c>.</param>
    public static CatalogEntry? Find(string type) => All.FirstOrDefault(entry => entry.Vendor.Type == type);
}
