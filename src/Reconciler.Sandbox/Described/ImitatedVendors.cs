using Reconciler.Core.Membership;

namespace Reconciler.Sandbox.Described;

/// <summary>
/// The vendors that definitions describe, for the sandbox to imitate. This folder is the only one of the sandbox that
/// knows Core, because Core reads the definitions, and what a vendor answers is all in its definition.
/// </summary>
/// <param name="vendors">The vendors; those without a description are not among them.</param>
/// <param name="program">
/// The program's own vendors. Where the sandbox has an imitation of its own, only another definition than the program's
/// replaces it.
/// </param>
public sealed class ImitatedVendors(VendorSet vendors, VendorSet program)
{
    /// <summary>No vendor.</summary>
    public static ImitatedVendors None { get; } = new([], []);

    /// <summary>All types of the set; some may have no definition.</summary>
    internal IEnumerable<string> Types => vendors.Types;

    /// <summary>Whether the definition of a type replaces an imitation that the sandbox has of its own.</summary>
    internal bool Replaces(string type) =>
        vendors.Find(type) is { Description: { } found } && found.Digest != program.Find(type)?.DefinitionDigest;

    /// <summary>Finds a vendor by its type; null if no definition describes it.</summary>
    internal VendorKind? Find(string type) =>
        vendors.Find(type) is { Description: not null } vendor
            ? new(type, BasePath(vendor), Quirks(vendor), setup => new DescribedImitation(vendor, setup))
            {
                SeedFields = ["people", "names", "id", "inherited", "machine", "owner"],
            }
            : null;

    // The quirk means nothing where the definition has no proof that could fail.
    private static IReadOnlyList<string> Quirks(Vendor vendor) =>
        vendor.Description is { SeesAll: not null } or { WhoAmI.SeesAll.IsEmpty: false } ? DescribedQuirks.All : [];

    private static string BasePath(Vendor vendor) =>
        vendor.PublishedUrls.FirstOrDefault() is { } url ? new Uri(url).AbsolutePath.TrimEnd('/') : "";
}

/// <summary>The switches of described vendors.</summary>
public static class DescribedQuirks
{
    /// <summary>
    /// The token's user sees a part of the people: nothing fulfils <c>seesAll</c>. The lists stay whole.
    /// </summary>
    public const string SeesPart = "seesPart";

    /// <summary>All switches.</summary>
    internal static IReadOnlyList<string> All { get; } = [SeesPart];
}
