using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using Reconciler.Runs;

namespace Reconciler;

/// <summary>Makes the loader of manifests that knows this program's vendors and settings.</summary>
internal static class ManifestLoaders
{
    /// <summary>The vendors of the program: those with a provider of their own, and the catalogue.</summary>
    public static VendorSet Vendors { get; } = VendorCatalogue.Beside(ProviderCatalog.Vendors);

    /// <summary>A loader.</summary>
    /// <param name="clock">The time.</param>
    public static ManifestLoader Of(TimeProvider clock) => new(Vendors, OwnVariables.All, clock);
}
