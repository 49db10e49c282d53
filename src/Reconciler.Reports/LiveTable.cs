using System.Globalization;
using Reconciler.Core.Membership;
using Reconciler.Core.Text;

namespace Reconciler.Reports;

/// <summary>Prints a project as it was read from its vendor: members, invitations, and how many there are.</summary>
public static class LiveTable
{
    /// <summary>Prints the project.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="palette">The colours.</param>
    /// <param name="vendor">The vendor, whose words say who administers.</param>
    /// <param name="live">The project.</param>
    public static void Write(TextWriter output, Palette palette, Vendor vendor, LiveProject live)
    {
        var admins = live.Members.Count(m => vendor.Access.Administers(m.Access));
        output.WriteLine(
            $"{TextNames.Count(live.Members.Length, "member", "members")}, "
                + string.Create(CultureInfo.InvariantCulture, $"{admins} with administrative access; ")
                + TextNames.Count(live.Invitations.Length, "invitation", "invitations")
        );
        Table(
            output,
            palette,
            ["member", "id", "name", "access", "notes"],
            live.Members.OrderBy(m => m.Email, StringComparer.Ordinal)
                .ThenBy(m => m.MembershipId, StringComparer.Ordinal)
                .Select(m => (string[])[Address(m.Email), m.MembershipId, m.Name ?? "", Words(m.Access), Notes(m)])
        );
        Table(
            output,
            palette,
            ["invitation", "id", "state", "created", "access"],
            live.Invitations.OrderBy(i => i.Email, StringComparer.Ordinal)
                .ThenBy(i => i.Id, StringComparer.Ordinal)
                .Select(i =>
                    (string[])
                        [
                            Address(i.Email),
                            i.Id,
                            i.State.ToString().ToLowerInvariant(),
                            TerminalText.Minute(i.CreatedAt),
                            Words(i.Access),
                        ]
                )
        );
    }

    // A line that begins with two colons is a command where a runner of GitHub reads it.
    private static string Address(string email) =>
        email.Length == 0 ? "(no address)"
        : email.StartsWith(':') ? $"\"{email}\""
        : email;

    private static string Words(Access access) => access.IsNone ? "none" : string.Join(", ", access.Grants);

    private static string Notes(LiveMember member)
    {
        string[] notes =
        [
            member.IsCaller ? "the token's user" : "",
            member.IsVendorOwner ? "owner" : "",
            member.IsService ? "machine account" : "",
            member.HasInherited ? $"inherited: {Words(member.Inherited)}" : "",
        ];
        return string.Join(", ", notes.Where(n => n.Length > 0));
    }

    private static void Table(TextWriter output, Palette palette, string[] heads, IEnumerable<string[]> cells)
    {
        var rows = cells.ToList();
        if (rows.Count == 0)
            return;
        output.WriteLine();
        TextTable.Write(output, palette, heads, rows);
    }
}
