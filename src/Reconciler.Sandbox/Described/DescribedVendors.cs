using Reconciler.Core.Membership;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// The vendors that definitions describe, for the sandbox to imitate. Of all of the sandbox, this folder alone knows
/// Core: what a vendor answers is in its definition, and in nothing that was written for the vendor.
/// </summary>
/// <param name="vendors">The vendors; those without a description are not among them.</param>
public sealed class DescribedVendors(VendorSet vendors)
{
    /// <summary>No vendor.</summary>
    public static DescribedVendors None { get; } = new([]);

    /// <summary>The types, and perhaps those of vendors with an imitation of their own.</summary>
    internal IEnumerable<string> Types => vendors.Types;

    /// <summary>Finds a vendor by its type; null if no definition describes it.</summary>
    internal VendorKind? Find(string type) =>
        vendors.Find(type) is { Description: not null } vendor
            ? new(type, BasePath(vendor), DescribedQuirks.All, setup => new DescribedImitation(vendor, setup))
            {
                SeedFields = ["people", "names", "id", "inherited", "machine", "owner"],
            }
            : null;

    private static string BasePath(Vendor vendor) =>
        vendor.PublishedUrls.FirstOrDefault() is { } url ? new Uri(url).AbsolutePath.TrimEnd('/') : "";
}

/// <summary>The switches of described vendors.</summary>
public static class DescribedQuirks
{
    /// <summary>
    /// The token's user sees a part of the people: <c>whoAmI</c> does not fulfil <c>seesAll</c>. The lists stay whole.
    /// </summary>
    public const string SeesPart = "seesPart";

    /// <summary>All switches.</summary>
    internal static IReadOnlyList<string> All { get; } = [SeesPart];
}
