using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// Imitates Equinix Metal's memberships and invitations, according to its OpenAPI document. Behaviour that is only
/// known from client code is marked.
/// </summary>
internal sealed class EquinixVendor(VendorSetup setup) : IVendor
{
    private readonly EquinixWorld world = new(setup);
    private readonly EquinixBudget budget = new(setup.Seed.RateLimit, setup.Clock);

    public VendorAnswer Answer(VendorRequest request) =>
        budget.Spend(() =>
            IsAuthorized(request) ? Routed(request) : EquinixError.One(401, "Invalid authentication token")
        );

    public IReadOnlyList<SandboxMember> Members(string projectId) =>
        [
            .. Project(projectId)
                .Memberships.All.Select(membership => new SandboxMember(
                    $"{membership.Id}",
                    $"{membership.User.Id}",
                    membership.User.Email,
                    SandboxAccess.Roles(membership.Roles.AsSpan())
                )),
        ];

    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        [
            .. Project(projectId)
                .Invitations.Select(invitation => new SandboxInvitation(
                    $"{invitation.Id}",
                    invitation.Invitee,
                    SandboxAccess.Roles(invitation.Roles.AsSpan()),
                    invitation.Status,
                    invitation.CreatedAt
                )),
        ];

    public void AddMember(string projectId, string email, SandboxAccess access)
    {
        var project = Project(projectId);
        if (project.Memberships.Find(email) is not null)
            throw new SandboxException($"{email} is a member of {projectId} already");
        world.AddMembership(project, email, EquinixSeed.Access(access, email));
    }

    public void RemoveMember(string projectId, string email) =>
        world.Remove(
            Project(projectId).Memberships.Find(email)
                ?? throw new SandboxException($"{email} is no member of {projectId}")
        );

    public void Accept(string projectId, string email) => world.Accept(Pending(projectId, email));

    public void Decline(string projectId, string email) =>
        world.Settle(Pending(projectId, email), EquinixInvitation.Declined);

    private VendorAnswer Routed(VendorRequest request)
    {
        var path = request.Path.Split('/')[1..];
        var memberships = new EquinixMemberships(world, request);
        var invitations = new EquinixInvitations(world, request);
        return (request.Method, path) switch
        {
            (_, ["projects", var id, .. var rest]) => OfProject(Id(id), rest, request.Method, memberships, invitations),
            (_, ["organizations", var id, .. var rest]) => OfOrganization(
                Id(id),
                rest,
                request.Method,
                memberships,
                invitations
            ),
            (_, ["memberships", var id]) => OfMembership(Id(id), request.Method, memberships),
            (_, ["invitations", var id]) => OfInvitation(Id(id), request.Method, invitations),
            ("GET", ["projects"]) => new EquinixAnswer(request, world.Quirks).Page(
                "projects",
                world.VisibleProjects,
                (wire, project) => wire.Project(project)
            ),
            ("GET", ["invitations"]) => invitations.List(world.InvitationsOf(world.Actor)),
            ("GET", ["user"]) => memberships.CurrentUser(),
            _ => EquinixError.NotFound,
        };
    }

    private VendorAnswer OfProject(
        Guid id,
        string[] rest,
        string method,
        EquinixMemberships memberships,
        EquinixInvitations invitations
    )
    {
        if (world.Project(id) is not { } project)
            return EquinixError.NotFound;
        if (project.Forbidden)
            return EquinixError.Forbidden;
        return (method, rest) switch
        {
            ("GET", ["memberships"]) => memberships.List(project),
            ("GET", ["invitations"]) => invitations.List(project.Invitations),
            ("POST", ["invitations"]) => invitations.Create(project.Organization, project),
            _ => EquinixError.NotFound,
        };
    }

    private VendorAnswer OfOrganization(
        Guid id,
        string[] rest,
        string method,
        EquinixMemberships memberships,
        EquinixInvitations invitations
    )
    {
        if (world.Organization(id) is not { } organization)
            return EquinixError.NotFound;
        return (method, rest) switch
        {
            ("GET", ["invitations"]) => invitations.List(organization.Invitations),
            ("POST", ["invitations"]) => invitations.Create(organization, project: null),
            ("GET", ["members"]) => memberships.ListMembers(organization),
            ("DELETE", ["members", var member]) => memberships.DeleteMember(organization, Id(member)),
            _ => EquinixError.NotFound,
        };
    }

    private VendorAnswer OfMembership(Guid id, string method, EquinixMemberships memberships)
    {
        if (world.Membership(id) is not { } membership)
            return EquinixError.NotFound;
        if (membership.Project is { Forbidden: true })
            return EquinixError.Forbidden;
        return method switch
        {
            "GET" => memberships.View(membership),
            "PUT" => memberships.Update(membership),
            "DELETE" => memberships.Delete(membership),
            _ => EquinixError.NotFound,
        };
    }

    private VendorAnswer OfInvitation(Guid id, string method, EquinixInvitations invitations)
    {
        if (world.Invitation(id) is not { } invitation)
            return EquinixError.NotFound;
        if (invitation.Projects.Any(project => project.Forbidden))
            return EquinixError.Forbidden;
        return method switch
        {
            "GET" => invitations.View(invitation),
            "PUT" => invitations.Accept(invitation),
            "DELETE" => invitations.Delete(invitation),
            "POST" => invitations.Resend(invitation),
            _ => EquinixError.NotFound,
        };
    }

    // A text that is not a uuid matches nothing, like the empty uuid.
    private static Guid Id(string text) => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty;

    private bool IsAuthorized(VendorRequest request)
    {
        var given = request.Headers["X-Auth-Token"].ToString();
        return setup.Token is { } token ? given.Equals(token, StringComparison.Ordinal) : given.Length > 0;
    }

    private EquinixInvitation Pending(string projectId, string email)
    {
        var project = Project(projectId);
        return project.Organization.Pending(email).LastOrDefault(invitation => invitation.Projects.Contains(project))
            ?? throw new SandboxException($"{email} has no pending invitation to {projectId}");
    }

    private EquinixProject Project(string id) =>
        world.Project(Id(id)) ?? throw new SandboxException($"there is no project {id}");
}
