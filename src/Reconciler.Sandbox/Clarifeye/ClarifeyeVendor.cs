using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>
/// Imitates Clarifeye's users and invitations. The answers follow its OpenAPI document, or else Django and Django REST
/// framework, which its slashes, pages and field errors suggest.
/// </summary>
internal sealed class ClarifeyeVendor(VendorSetup setup) : IVendor
{
    private readonly ClarifeyeWorld world = new(setup);

    public VendorAnswer Answer(VendorRequest request)
    {
        if (ClarifeyeRoute.Parse(request.Path) is not { } route)
            return MissingRoute(request);
        if (Refusal(request) is { } unauthorized)
            return unauthorized;
        var project = world.Project(route.ProjectId);
        if (project is null)
            return ClarifeyeWire.NotFound;
        if (project.Forbidden)
            return ClarifeyeWire.Error(403, "You do not have permission to perform this action.");
        var endpoints = new ClarifeyeEndpoints(world, project);
        return (route.Endpoint, request.Method) switch
        {
            (ClarifeyeEndpoint.Users, "GET") => endpoints.ListUsers(request),
            (ClarifeyeEndpoint.RemoveByEmail, "POST") => endpoints.RemoveByEmail(request),
            (ClarifeyeEndpoint.User, "PATCH") => endpoints.Patch(route.RecordId, request),
            (ClarifeyeEndpoint.Invites, "GET") => endpoints.ListInvites(request),
            (ClarifeyeEndpoint.Invite, "POST") => endpoints.Invite(request),
            (ClarifeyeEndpoint.OneInvite, "DELETE") => endpoints.Cancel(route.RecordId),
            _ => ClarifeyeWire.Error(405, $"Method \"{request.Method}\" not allowed."),
        };
    }

    public IReadOnlyList<SandboxMember> Members(string projectId) =>
        [
            .. Project(projectId)
                .Members.All.Select(member => new SandboxMember(
                    $"{member.Id}",
                    $"{member.User.Id}",
                    member.User.Email,
                    member.Access.ToWords(world.Profiles)
                )),
        ];

    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        [
            .. Project(projectId)
                .Invites.Select(invite => new SandboxInvitation(
                    $"{invite.Id}",
                    invite.Email,
                    invite.Access.ToWords(world.Profiles),
                    invite.Status,
                    invite.CreatedAt
                )),
        ];

    public void AddMember(string projectId, string email, SandboxAccess access)
    {
        var project = Project(projectId);
        if (project.Members.Find(email) is not null)
            throw new SandboxException($"{email} is a member of {projectId} already");
        world.AddMember(project, email, ClarifeyeSeed.Access(access, email));
    }

    public void RemoveMember(string projectId, string email)
    {
        var project = Project(projectId);
        project.Members.Remove(
            project.Members.Find(email) ?? throw new SandboxException($"{email} is no member of {projectId}")
        );
    }

    public void Accept(string projectId, string email)
    {
        var project = Project(projectId);
        world.Accept(project, Pending(project, email));
    }

    // There is no status 'declined', so the inviter sees a cancelled invitation.
    public void Decline(string projectId, string email)
    {
        var project = Project(projectId);
        world.Cancel(project, Pending(project, email));
    }

    private static ClarifeyeInvite Pending(ClarifeyeProject project, string email) =>
        project.PendingInvite(email)
        ?? throw new SandboxException($"{email} has no pending invitation to {project.Id}");

    // Like Django's APPEND_SLASH: a GET is redirected to the path with a slash; a request with a body fails, since a
    // redirect would lose the body.
    private static VendorAnswer MissingRoute(VendorRequest request)
    {
        if (ClarifeyeRoute.Parse(request.Path + "/") is null)
            return VendorAnswer.Text(
                404,
                VendorAnswer.HtmlType,
                "<!doctype html><html><body><h1>Not Found</h1></body></html>"
            );
        return request.Method is "GET" or "HEAD"
            ? new VendorAnswer(301).With("Location", $"{request.Root}{request.Path}/{request.QueryText}")
            : VendorAnswer.Text(
                500,
                VendorAnswer.HtmlType,
                "<!doctype html><html><body><h1>Server Error (500)</h1></body></html>"
            );
    }

    private VendorAnswer? Refusal(VendorRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || header[..space] is not ("Bearer" or "Token"))
            return ClarifeyeWire.Error(401, "Authentication credentials were not provided.");
        return setup.Token is { } token && !header[(space + 1)..].Equals(token, StringComparison.Ordinal)
            ? ClarifeyeWire.Error(401, "Invalid token.")
            : null;
    }

    private ClarifeyeProject Project(string id) =>
        world.Project(id) ?? throw new SandboxException($"there is no project {id}");
}
