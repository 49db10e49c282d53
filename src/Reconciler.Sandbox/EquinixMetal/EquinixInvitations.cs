using System.Collections.Immutable;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>Handles the calls about invitations.</summary>
internal readonly struct EquinixInvitations(EquinixWorld world, VendorRequest request)
{
    private EquinixAnswer Answer => new(request, world.Quirks);

    public VendorAnswer List(IEnumerable<EquinixInvitation> invitations) =>
        Answer.Page(
            "invitations",
            invitations.Where(invitation => invitation.IsPending).ToList(),
            static (wire, invitation) => wire.Invitation(invitation)
        );

    public VendorAnswer View(EquinixInvitation invitation) =>
        Answer.One(200, invitation, static (wire, shown) => wire.Invitation(shown));

    /// <summary>
    /// Invites to a project and those in <c>projects_ids</c>; without a project, to the organization and those.
    /// </summary>
    public VendorAnswer Create(EquinixOrganization organization, EquinixProject? project)
    {
        using var body = JsonBody.Read(request);
        if (body.Problem is not BodyProblem.None)
            return EquinixError.One(400, "The request body could not be parsed");
        var problems = new List<string>();
        var invitee = Invitee(body, problems);
        var roles = body.Texts("roles", problems.Add) ?? [EquinixRoles.Default];
        problems.AddRange(EquinixRoles.Problems(roles, limited: !world.Quirks[EquinixQuirks.NoLimitedCollaborator]));
        body.Text("message", problems.Add);
        if (
            body.Text("organization_id", problems.Add) is { } id
            && !id.Equals($"{organization.Id}", StringComparison.OrdinalIgnoreCase)
        )
            problems.Add("Organization is not the one of the path");
        var projects = Projects(body, organization, project, problems);
        if (problems.Count == 0 && !world.Quirks[EquinixQuirks.DuplicateInvitations])
            problems.AddRange(Known(invitee, organization, projects));
        if (problems.Count > 0)
            return EquinixError.Many(problems);
        var grant = new EquinixGrant(projects, [.. roles.Distinct(StringComparer.Ordinal)]);
        var invitation = world.AddInvitation(organization, invitee, grant, EquinixInvitation.Pending);
        world.Send(invitation);
        return Answer.One(201, invitation, static (wire, shown) => wire.Invitation(shown));
    }

    /// <summary>Accepts an invitation. Only the invited person may, who must be the token's user.</summary>
    public VendorAnswer Accept(EquinixInvitation invitation)
    {
        if (!invitation.Invitee.Equals(world.Actor.Email, StringComparison.OrdinalIgnoreCase))
            return EquinixError.One(403, "You are not authorized to accept this invitation");
        return Answer.One(200, world.Accept(invitation), static (wire, shown) => wire.Membership(shown));
    }

    /// <summary>Deletes an invitation: documented as declining, and also the way for the inviter to revoke.</summary>
    public VendorAnswer Delete(EquinixInvitation invitation)
    {
        world.Settle(invitation, EquinixInvitation.Declined);
        return new(204);
    }

    /// <summary>Sends an invitation again. Known from client code only.</summary>
    public VendorAnswer Resend(EquinixInvitation invitation)
    {
        world.Send(invitation);
        return View(invitation);
    }

    private static string Invitee(JsonBody body, List<string> problems)
    {
        if (body.Text("invitee", problems.Add) is not { Length: > 0 } invitee)
        {
            problems.Add("Invitee can't be blank");
            return "";
        }

        if (!EmailAddress.Fits(invitee))
            problems.Add("Invitee is invalid");
        return invitee;
    }

    private static IEnumerable<string> Known(
        string invitee,
        EquinixOrganization organization,
        ImmutableArray<EquinixProject> projects
    )
    {
        var pending = organization.Pending(invitee).ToList();
        if (
            projects.Any(project => project.Memberships.Find(invitee) is not null)
            || (projects.IsEmpty && organization.Members.Find(invitee) is not null)
        )
            yield return "Invitee is already a member";
        if (
            pending.Exists(invitation =>
                invitation.Projects.Intersect(projects).Any() || (projects.IsEmpty && invitation.Projects.IsEmpty)
            )
        )
            yield return "Invitee has already been invited";
    }

    private ImmutableArray<EquinixProject> Projects(
        JsonBody body,
        EquinixOrganization organization,
        EquinixProject? project,
        List<string> problems
    )
    {
        var projects = project is null ? new List<EquinixProject>() : [project];
        foreach (var id in body.Texts("projects_ids", problems.Add) ?? [])
        {
            if (
                Guid.TryParseExact(id, "D", out var uuid)
                && world.Project(uuid) is { Forbidden: false } other
                && other.Organization == organization
            )
                projects.Add(other);
            else
                problems.Add($"Projects contains an invalid project {id}");
        }

        return [.. projects.Distinct()];
    }
}
