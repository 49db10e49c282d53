using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Manifests.Loading;

namespace Reconciler.Testing.Contract;

/// <summary>Vendors that a definition of the repository describes.</summary>
public static class DescribedVendors
{
    /// <summary>Reads the one definition of a file, which has no problem.</summary>
    /// <param name="path">The path in the repository.</param>
    public static Vendor Of(string path)
    {
        var problems = new Problems();
        var request = new ManifestRequest([]) { Vendors = Repository.At(path) };
        var vendors = VendorFolder.Read(request, [], problems);
        Assert.Empty(problems.Sorted);
        return vendors.Single();
    }
}
