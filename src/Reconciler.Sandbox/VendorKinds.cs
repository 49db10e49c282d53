using System.Collections.Immutable;
using Reconciler.Sandbox.Clarifeye;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.Described;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.GoRules;

namespace Reconciler.Sandbox;

/// <summary>
/// The vendors that the sandbox can imitate: those with an imitation of their own, and described ones.
/// </summary>
/// <param name="described">The described ones.</param>
internal sealed class VendorKinds(ImitatedVendors described)
{
    private static readonly ImmutableArray<VendorKind> Own =
    [
        new("clarifeye", "/api/v1", ClarifeyeQuirks.All, setup => new ClarifeyeVendor(setup)),
        new("confident-ai", "", ConfidentQuirks.All, setup => new ConfidentVendor(setup))
        {
            SeedFields = ["otherOrganization", "roles"],
        },
        new("equinix-metal", "/metal/v1", EquinixQuirks.All, setup => new EquinixVendor(setup))
        {
            SeedFields = ["organization", "rateLimit", "alsoProjects"],
        },
        new("gorules", "", GoRulesQuirks.All, setup => new GoRulesVendor(setup))
        {
            OnByDefault = GoRulesQuirks.OnByDefault,
            SeedFields = ["serviceUsers", "groups"],
        },
    ];

    /// <summary>The switches of all vendors.</summary>
    public static IEnumerable<string> Quirks => Own.SelectMany(kind => kind.Quirks).Concat(DescribedQuirks.All);

    public string Names =>
        string.Join(
            ", ",
            Own.Select(kind => kind.Type).Union(described.Types, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );

    /// <summary>
    /// Finds a vendor by its type. An imitation of its own is preferred: it was written from the vendor's documents, so
    /// that it shows what the definition has wrong.
    /// </summary>
    public VendorKind? Find(string type) =>
        Own.FirstOrDefault(kind => kind.Type.Equals(type, StringComparison.Ordinal)) is { } own
        && !described.Replaces(type)
            ? own
            : described.Find(type);

    /// <summary>
    /// Finds the vendor whose name the connection's name begins with: <c>clarifeye-eu</c> is at Clarifeye. The longest
    /// name counts.
    /// </summary>
    public VendorKind? FindByPrefix(string connection)
    {
        var words = connection.Split('-');
        return Enumerable
            .Range(0, words.Length)
            .Select(left => Find(string.Join('-', words.SkipLast(left))))
            .FirstOrDefault(kind => kind is not null);
    }
}
