using System.Globalization;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>Handles the calls of one project. Refusals without a documented status are 400.</summary>
internal readonly struct ConfidentEndpoints(ConfidentWorld world, ConfidentProject project)
{
    private const int DefaultPage = 25;
    private const int LargestPage = 100;

    public static NumberedPage Page(VendorRequest request, int total) =>
        NumberedPage.Read(request.Query, "pageSize", DefaultPage, LargestPage, total);

    public VendorAnswer ListMembers(VendorRequest request)
    {
        var all = project.Members.All;
        var page = Page(request, all.Count);
        var members = Listing.Stretch(all, page.Start, page.Size, world.Quirks[ConfidentQuirks.NewestFirst]);
        return ConfidentWire.List("members", members, ConfidentWire.Member, all.Count);
    }

    public VendorAnswer ListRoles() => ConfidentWire.List("roles", project.Roles, ConfidentWire.Role);

    public VendorAnswer ListInvitations() =>
        ConfidentWire.List(
            "invitations",
            project.Invitations.Where(invitation =>
                invitation.Status is ConfidentInvitation.Pending or ConfidentInvitation.Declined
            ),
            ConfidentWire.Invitation
        );

    public VendorAnswer UpdateMember(string userId, VendorRequest request)
    {
        if (Member(userId) is not { } member)
            return NoMember;
        using var body = JsonBody.Read(request);
        string? problem = null;
        var roleId = body.Text("roleId", text => problem = text);
        if (Unreadable(body) is { } unreadable)
            return unreadable;
        if (problem is not null || roleId is null)
            return ConfidentWire.Error(400, problem ?? "roleId is required");
        if (project.Role(roleId) is not { } role)
            return ConfidentWire.Error(400, "Role not found");
        // Only the transfer is documented. A change that leaves a project without an Owner is refused, as a removal of
        // the Owner is.
        if (member.Role.Name is ConfidentWorld.Owner && role.Name is not ConfidentWorld.Owner)
            return ConfidentWire.Error(
                400,
                "The project Owner's role cannot be changed; assign the Owner role to another member"
            );
        ConfidentWorld.Assign(project, member, role);
        return ConfidentWire.One("member", member, ConfidentWire.Member);
    }

    public VendorAnswer RemoveMember(string userId)
    {
        if (Member(userId) is not { } member)
            return NoMember;
        if (member.Role.Name is ConfidentWorld.Owner)
            return ConfidentWire.Error(400, "The project Owner cannot be removed");
        ConfidentWorld.Remove(project, member);
        return ConfidentWire.Data(
            member.User.Id,
            static (writer, id) =>
            {
                writer.WriteString("id", id);
                writer.WriteBoolean("removed", true);
            }
        );
    }

    public VendorAnswer Invite(VendorRequest request)
    {
        using var body = JsonBody.Read(request);
        string? problem = null;
        var emails = body.Texts("emails", text => problem = text) ?? [];
        var roleId = body.Text("projectRoleId", text => problem = text);
        if (Unreadable(body) is { } unreadable)
            return unreadable;
        problem ??= emails.IsEmpty ? "emails must hold at least one address" : null;
        problem ??= emails.FirstOrDefault(email => !EmailAddress.Fits(email)) is { } wrong
            ? $"Invalid email address: {wrong}"
            : null;
        var role = roleId is null ? null : project.Role(roleId);
        problem ??= roleId is not null && role is null ? "Role not found" : null;
        problem ??= role?.Name is ConfidentWorld.Owner ? "The Owner role cannot be assigned" : null;
        if (problem is not null)
            return ConfidentWire.Error(400, problem);
        return world.Quirks[ConfidentQuirks.FreePlan]
            ? ConfidentWire.Error(403, "Inviting members is not available on the Free plan")
            : ConfidentWire.List("invitations", Invite(emails, role), ConfidentWire.Invitation);
    }

    public VendorAnswer Resend(string invitationId) =>
        Pending(invitationId, "resent", out var invitation) ?? Sent(invitation!);

    public VendorAnswer Revoke(string invitationId) =>
        Pending(invitationId, "revoked", out var invitation) ?? Revoked(invitation!);

    private static VendorAnswer NoMember => ConfidentWire.Error(404, "Member not found");

    private static VendorAnswer? Unreadable(JsonBody body) =>
        body.Problem is BodyProblem.None ? null : ConfidentWire.Error(400, "The body must be a JSON object");

    private ConfidentMember? Member(string userId) =>
        Guid.TryParseExact(userId, "D", out var id) ? project.Members.Find(id) : null;

    private List<ConfidentInvitation> Invite(IEnumerable<string> emails, ConfidentRole? role)
    {
        var answered = new List<ConfidentInvitation>();
        foreach (var email in emails)
        {
            if (project.Members.Find(email) is null && !world.IsInvited(project, email))
                answered.Add(world.Invite(project, email, role));
            else if (
                world.Quirks[ConfidentQuirks.EchoSkipped]
                && project.InvitationsOf(email) is [.., var known]
                && !answered.Contains(known)
            )
                answered.Add(known);
        }

        return answered;
    }

    private VendorAnswer? Pending(string id, string done, out ConfidentInvitation? invitation)
    {
        invitation = null;
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return ConfidentWire.Error(400, "Invalid invitation id");
        invitation = project.Invitation(number);
        if (invitation is null)
            return ConfidentWire.Error(404, "Invitation not found");
        return invitation.IsPending ? null : ConfidentWire.Error(400, $"Only pending invitations can be {done}");
    }

    private VendorAnswer Sent(ConfidentInvitation invitation)
    {
        world.Resend(project, invitation);
        return ConfidentWire.One("invitation", invitation, ConfidentWire.Invitation);
    }

    private VendorAnswer Revoked(ConfidentInvitation invitation)
    {
        project.Delete(invitation);
        return ConfidentWire.Data(
            invitation.Id,
            static (writer, id) =>
            {
                writer.WriteNumber("id", id);
                writer.WriteBoolean("deleted", true);
            }
        );
    }
}
