using System.Collections.Immutable;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// The roles, as the document lists them for invitations; <c>owner</c> exists besides, but nobody can be made one.
/// </summary>
internal static class EquinixRoles
{
    public const string Default = "collaborator";

    private const string Owner = "owner";
    private const string Limited = "limited_collaborator";

    public static readonly ImmutableArray<string> Known = [Owner, "admin", "billing", Default, Limited];

    /// <summary>What is wrong with these roles, one message each.</summary>
    public static IEnumerable<string> Problems(IEnumerable<string> roles, bool limited) =>
        roles
            .Where(role =>
                role is Owner || !Known.Contains(role, StringComparer.Ordinal) || (role is Limited && !limited)
            )
            .Select(role => $"Roles contains an invalid role {role}");
}
