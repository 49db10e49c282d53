using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.GoRules;

/// <summary>Imitates GoRules' project members and organisation users, according to its reference pages.</summary>
internal sealed class GoRulesVendor(VendorSetup setup) : IVendor
{
    private const string Scheme = "Bearer ";

    private readonly GoRulesWorld world = new(setup);

    public VendorAnswer Answer(VendorRequest request)
    {
        var segments = request.Path.Split('/');
        if (segments is not ["", "api", .. var path])
            return NoRoute(request);
        if (!IsAuthorized(request))
            return GoRulesWire.Error(401, "Unauthorized", "Invalid token");
        if (path is ["projects", var id, .. var rest])
            return OfProject(id, rest, request);
        var organisation = new GoRulesOrganisation(world, request);
        return (request.Method, path) switch
        {
            ("GET", ["users"]) => organisation.ListUsers(),
            ("POST", ["users"]) => organisation.Invite(),
            ("POST", ["users", var user, "invitation"]) => organisation.Resend(user),
            ("GET", ["invitations"]) => organisation.ListInvitations(),
            _ => NoRoute(request),
        };
    }

    public IReadOnlyList<SandboxMember> Members(string projectId) =>
        [
            .. Project(projectId)
                .Members.All.Select(member => new SandboxMember(
                    $"{member.Id}",
                    $"{member.User.Id}",
                    member.User.Email,
                    member.Access
                )),
        ];

    public IReadOnlyList<SandboxInvitation> Invitations(string projectId)
    {
        var project = Project(projectId);
        return
        [
            .. world.Invitations.Select(invitation => new SandboxInvitation(
                $"{invitation.Id}",
                invitation.User.Email,
                project.Members.Find(invitation.User.Email)?.Access ?? SandboxAccess.None,
                invitation.Status,
                invitation.CreatedAt
            )),
        ];
    }

    public void AddMember(string projectId, string email, SandboxAccess access)
    {
        var project = Project(projectId);
        if (project.Members.Find(email) is not null)
            throw new SandboxException($"{email} is a member of {projectId} already");
        var (groups, owner) = GoRulesSeed.Access(access, project, email);
        world.AddMember(project, world.Register(email), groups, owner);
    }

    public void RemoveMember(string projectId, string email)
    {
        var project = Project(projectId);
        project.Members.Remove(
            project.Members.Find(email) ?? throw new SandboxException($"{email} is no member of {projectId}")
        );
    }

    public void Accept(string projectId, string email) => world.Accept(Pending(projectId, email));

    public void Decline(string projectId, string email) => world.TakeBack(Pending(projectId, email));

    private static VendorAnswer NoRoute(VendorRequest request) =>
        GoRulesWire.Error(404, "Not Found", $"Route {request.Method}:{request.Path} not found");

    private VendorAnswer OfProject(string id, string[] rest, VendorRequest request)
    {
        if (!Guid.TryParseExact(id, "D", out _))
            return GoRulesWire.BadRequest("projectId must be a uuid");
        if (world.Project(id) is not { } project)
            return GoRulesWire.NotFound;
        if (project.Forbidden)
            return GoRulesWire.Error(403, "Forbidden", "The permission Project Manage is missing");
        var members = new GoRulesMembers(world, project, request);
        return (request.Method, rest) switch
        {
            ("GET", ["members"]) => members.List(),
            ("POST", ["members"]) => members.Add(),
            ("GET", ["members", "users"]) => members.ListCandidates(),
            ("POST", ["members", "join"]) => members.Join(),
            ("PUT", ["members", var member]) => members.Update(member),
            ("GET", ["groups"]) => members.ListGroups(),
            _ => NoRoute(request),
        };
    }

    private bool IsAuthorized(VendorRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal)
            && (setup.Token is not { } token || header[Scheme.Length..].Equals(token, StringComparison.Ordinal));
    }

    private GoRulesInvitation Pending(string projectId, string email)
    {
        Project(projectId);
        return world.User(email) is { IsPending: true, Invitation: { } invitation }
            ? invitation
            : throw new SandboxException($"{email} has no pending invitation to the organisation");
    }

    private GoRulesProject Project(string id) =>
        world.Project(id) ?? throw new SandboxException($"there is no project {id}");
}
