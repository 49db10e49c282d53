using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;
using Reconciler.Providers;

namespace Reconciler.Testing.Contract;

/// <summary>The vendors that the program knows by itself: those in code, and those of its catalogue.</summary>
public static class ProgramVendors
{
    /// <summary>All of them.</summary>
    public static VendorSet All { get; } = VendorCatalogue.Beside(ProviderCatalog.Vendors);

    /// <summary>One of them.</summary>
    /// <param name="type">Its type.</param>
    public static Vendor Of(string type) => All.Find(type)!;
}
