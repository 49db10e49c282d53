using System.Collections.Immutable;
using Reconciler.Sandbox.Clarifeye;

namespace Reconciler.Sandbox.Http;

/// <summary>The vendors the sandbox imitates: one line each.</summary>
internal static class VendorKinds
{
    public static ImmutableArray<VendorKind> All { get; } =
    [
        new("clarifeye", "/api/v1", ClarifeyeQuirks.All, setup => new ClarifeyeVendor(setup)),
    ];

    public static string Names => string.Join(", ", All.Select(kind => kind.Type));

    public static VendorKind? Find(string type) => All.FirstOrDefault(kind => kind.Type.Equals(type, StringComparison.Ordinal));

    /// <summary>The vendor whose name the connection's name begins with: <c>clarifeye-eu</c> is at Clarifeye.</summary>
    public static VendorKind? FindByPrefix(string connection) => All.FirstOrDefault(kind =>
        connection.StartsWith(kind.Type, StringComparison.Ordinal)
        && (connection.Length == kind.Type.Length || connection[kind.Type.Length] == '-'));
}
