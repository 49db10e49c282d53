using System.Collections.Immutable;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// The roles that the document lists for invitations. The role <c>owner</c> exists too, but cannot be assigned.
/// </summary>
internal static class EquinixRoles
{
    public const string Default = "collaborator";

    private const string Owner = "owner";
    private const string Limited = "limited_collaborator";

    public static readonly ImmutableArray<string> Known = [Owner, "admin", "billing", Default, Limited];

    /// <summary>Describes what is wrong with roles, one message for each problem.</summary>
    public static IEnumerable<string> Problems(IEnumerable<string> roles, bool limited) =>
        roles
            .Where(role =>
                role is Owner || !Known.Contains(role, StringComparer.Ordinal) || (role is Limited && !limited)
            )
            .Select(role => $"Roles contains an invalid role {role}");
}
