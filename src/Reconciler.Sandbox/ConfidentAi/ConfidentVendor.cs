using System.Globalization;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>
/// Imitates Confident AI's project members, invitations and roles, according to its OpenAPI document and its other
/// documentation.
/// </summary>
internal sealed class ConfidentVendor(VendorSetup setup) : IVendor
{
    private const string KeyHeader = "CONFIDENT_API_KEY";

    private readonly ConfidentWorld world = new(setup);

    public IReadOnlyList<string> OtherOrganization => world.OtherOrganization;

    public VendorAnswer Answer(VendorRequest request)
    {
        var segments = request.Path.Split('/');
        if (segments is not ["", "v1", .. var path])
            return NoRoute(request);
        if (!IsAuthorized(request))
            return ConfidentWire.Error(401, "Invalid API key");
        if (path is ["projects", var id, .. var rest])
            return OfProject(id, rest, request);
        return (request.Method, path) switch
        {
            ("GET", ["projects"]) => ConfidentWire.List(
                "projects",
                world.Projects.Select(project => (project, world.OrganizationId)),
                ConfidentWire.Project
            ),
            ("GET", ["organization", "members"]) => OrganizationMembers(request),
            _ => NoRoute(request),
        };
    }

    public IReadOnlyList<SandboxMember> Members(string projectId) =>
        [
            .. Project(projectId)
                .Members.All.Select(member => new SandboxMember(
                    $"{member.User.Id}",
                    $"{member.User.Id}",
                    member.User.Email,
                    SandboxAccess.Role(member.Role.Name)
                )),
        ];

    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        [
            .. Project(projectId)
                .Invitations.Select(invitation => new SandboxInvitation(
                    invitation.Id.ToString(CultureInfo.InvariantCulture),
                    invitation.Email,
                    SandboxAccess.Role(invitation.Role?.Name ?? ConfidentWorld.Member),
                    invitation.Status,
                    invitation.CreatedAt
                )),
        ];

    public void AddMember(string projectId, string email, SandboxAccess access)
    {
        var project = Project(projectId);
        if (project.Members.Find(email) is not null)
            throw new SandboxException($"{email} is a member of {projectId} already");
        var role = ConfidentSeed.Access(access, project, email);
        if (role.Name is ConfidentWorld.Owner && project.Owner is { } owner)
            throw new SandboxException($"{owner.User.Email} is the Owner of {projectId} already");
        world.AddMember(project, email, role);
    }

    public void RemoveMember(string projectId, string email)
    {
        var project = Project(projectId);
        ConfidentWorld.Remove(
            project,
            project.Members.Find(email) ?? throw new SandboxException($"{email} is no member of {projectId}")
        );
    }

    public void Accept(string projectId, string email)
    {
        var project = Project(projectId);
        world.Accept(project, Pending(project, email));
    }

    public void Decline(string projectId, string email) =>
        Pending(Project(projectId), email).Status = ConfidentInvitation.Declined;

    private static ConfidentInvitation Pending(ConfidentProject project, string email) =>
        project.PendingInvitation(email)
        ?? throw new SandboxException($"{email} has no pending invitation to {project.Id}");

    private static VendorAnswer NoRoute(VendorRequest request) =>
        ConfidentWire.Error(404, $"Cannot {request.Method} {request.Path}");

    private VendorAnswer OfProject(string id, string[] rest, VendorRequest request)
    {
        if (world.Project(id) is not { } project)
            return ConfidentWire.NoProject;
        if (project.Forbidden)
            return ConfidentWire.Error(403, "The API key has no access to this project");
        var endpoints = new ConfidentEndpoints(world, project);
        return (request.Method, rest) switch
        {
            ("GET", ["members"]) => endpoints.ListMembers(request),
            ("PUT", ["members", var user]) => endpoints.UpdateMember(user, request),
            ("DELETE", ["members", var user]) => endpoints.RemoveMember(user),
            ("GET", ["invitations"]) => endpoints.ListInvitations(),
            ("POST", ["invitations"]) => endpoints.Invite(request),
            ("PUT", ["invitations", var invitation]) => endpoints.Resend(invitation),
            ("DELETE", ["invitations", var invitation]) => endpoints.Revoke(invitation),
            ("GET", ["roles"]) => endpoints.ListRoles(),
            _ => NoRoute(request),
        };
    }

    private VendorAnswer OrganizationMembers(VendorRequest request)
    {
        var all = world.OrganizationMembers;
        var page = ConfidentEndpoints.Page(request, all.Count);
        var members = Listing.Stretch(all, page.Start, page.Size, world.Quirks[ConfidentQuirks.NewestFirst]);
        return ConfidentWire.List(
            "members",
            members,
            (writer, person) =>
                ConfidentWire.User(
                    writer,
                    person,
                    "organizationRole",
                    person == world.Actor ? world.OrganizationAdmin : world.OrganizationMember
                ),
            all.Count
        );
    }

    // The key is sent without a scheme. A key with a scheme is refused, even where any key is accepted.
    private bool IsAuthorized(VendorRequest request)
    {
        var key = request.Headers[KeyHeader].ToString();
        return setup.Token is { } token
            ? key.Equals(token, StringComparison.Ordinal)
            : key.Length > 0 && !key.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
    }

    private ConfidentProject Project(string id) =>
        world.Project(id) ?? throw new SandboxException($"there is no project {id}");
}
