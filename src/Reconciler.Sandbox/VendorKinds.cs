using System.Collections.Immutable;
using Reconciler.Sandbox.Clarifeye;
using Reconciler.Sandbox.ConfidentAi;
using Reconciler.Sandbox.EquinixMetal;
using Reconciler.Sandbox.GoRules;

namespace Reconciler.Sandbox;

/// <summary>Lists the vendors that the sandbox can imitate.</summary>
internal static class VendorKinds
{
    public static ImmutableArray<VendorKind> All { get; } =
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

    public static string Names => string.Join(", ", All.Select(kind => kind.Type));

    public static VendorKind? Find(string type) =>
        All.FirstOrDefault(kind => kind.Type.Equals(type, StringComparison.Ordinal));

    /// <summary>
    /// Finds the vendor whose name the connection's name begins with: <c>clarifeye-eu</c> is at Clarifeye.
    /// </summary>
    public static VendorKind? FindByPrefix(string connection) =>
        All.FirstOrDefault(kind =>
            connection.StartsWith(kind.Type, StringComparison.Ordinal)
            && (connection.Length == kind.Type.Length || connection[kind.Type.Length] == '-')
        );
}
