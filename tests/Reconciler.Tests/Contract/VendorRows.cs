using Reconciler.Sandbox;

namespace Reconciler.Tests.Contract;

/// <summary>The vendors that the contract suite runs over.</summary>
internal static class VendorRows
{
    private static readonly VendorRow[] Rows =
    [
        new("clarifeye", "3c90c3cc-0d44-4b50-8888-8dd25736052a")
        {
            Lesser = "{permissions: [CAN_VIEW_DATA]}",
            Greater = "{permissions: [CAN_VIEW_DATA, CAN_PERFORM_ADMIN_ACTIONS]}",
            SeedLesser = SandboxAccess.Permissions("CAN_VIEW_DATA"),
            SeedGreater = SandboxAccess.Permissions("CAN_VIEW_DATA", "CAN_PERFORM_ADMIN_ACTIONS"),
            InvitePath = "/invites/invite/",
            MembersPath = "/users/?",
            Update = ("PATCH", "/users/"),
            Revoke = ("DELETE", "/invites/"),
            Remove = ("POST", "/users/remove-by-email/"),
            Specification = "apis/openapi/clarifeye.yaml",
            SpecificationBase = "/api/v1",
            ReadsOfOnePage = 2,
        },
    ];

    public static IEnumerable<string> Names => Rows.Select(r => r.Type);

    public static VendorRow Of(string type) => Rows.Single(r => r.Type == type);

    /// <summary>The rows, for theories.</summary>
    public static TheoryData<string> All => [.. Names];
}
