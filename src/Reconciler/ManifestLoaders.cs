using Reconciler.Manifests.Loading;
using Reconciler.Providers;
using Reconciler.Runs;

namespace Reconciler;

/// <summary>Makes the loader of manifests that knows this program's vendors and settings.</summary>
internal static class ManifestLoaders
{
    /// <summary>A loader.</summary>
    /// <param name="clock">The time.</param>
    public static ManifestLoader Of(TimeProvider clock) => new(ProviderCatalog.Vendors, OwnVariables.All, clock);
}
