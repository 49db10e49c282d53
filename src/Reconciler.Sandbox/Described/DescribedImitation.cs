using Reconciler.Core.Membership;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.Described;

/// <summary>The API of a vendor that a definition describes.</summary>
internal sealed class DescribedImitation : IVendor
{
    private readonly DescribedWorld world;
    private readonly DescribedAnswers answers;
    private readonly DescribedLists lists;
    private readonly DescribedReads reads;
    private readonly DescribedCalls calls;
    private readonly VendorSetup setup;

    public DescribedImitation(Vendor vendor, VendorSetup setup)
    {
        this.setup = setup;
        world = new(vendor, setup);
        answers = new(world.Api);
        var items = new DescribedItems(world);
        lists = new(world, items, answers);
        reads = new(world, items, answers);
        calls = new(world, new(world, items, answers), answers);
        DescribedTrial.Run(world, items, answers);
    }

    public VendorAnswer Answer(VendorRequest request)
    {
        if (!IsAuthorized(request))
            return answers.Refused(401, $"The header {world.Api.TokenHeader} has no token that is known.");
        if (MissingHeader(request) is { } header)
            return answers.Refused(400, $"The request lacks the header {header}.");
        return
            Segments(request.Path) is { } segments
            && (
                request.Method == "GET"
                    ? lists.Answer(request, segments) ?? reads.Answer(segments)
                    : calls.Answer(request, segments)
            )
                is { } answer
            ? answer
            : answers.Refused(404, $"The definition has no {request.Method} {request.Path}.");
    }

    public IReadOnlyList<SandboxMember> Members(string projectId) =>
        [
            .. world
                .Known(projectId)
                .Members.Select(m => new SandboxMember(m.Id, m.Account.Id, m.Account.Email, m.Access)),
        ];

    public IReadOnlyList<SandboxInvitation> Invitations(string projectId) =>
        [
            .. world
                .Known(projectId)
                .Invitations.Select(i => new SandboxInvitation(i.Id, i.Email, i.Access, i.Status, i.CreatedAt)),
        ];

    public void AddMember(string projectId, string email, SandboxAccess access)
    {
        var project = world.Known(projectId);
        if (project.Member(email) is not null)
            throw new SandboxException($"{email} is a member of {projectId} already");
        var problems = new List<string>();
        access = DescribedSeed.Access(access, world, $"member {email}", problems.Add);
        if (problems.Count > 0)
            throw new SandboxException(string.Join('\n', problems));
        world.AddMember(project, email, access);
    }

    public void RemoveMember(string projectId, string email)
    {
        var project = world.Known(projectId);
        project.Members.Remove(
            project.Member(email) ?? throw new SandboxException($"{email} is no member of {projectId}")
        );
    }

    public void Accept(string projectId, string email)
    {
        var invitation = Waiting(projectId, email);
        invitation.Status = DescribedInvitation.Accepted;
        world.AddMember(world.Known(projectId), email, invitation.Access);
    }

    public void Decline(string projectId, string email) =>
        Waiting(projectId, email).Status = DescribedInvitation.Declined;

    private DescribedInvitation Waiting(string projectId, string email) =>
        world.Known(projectId).Waiting(email)
        ?? throw new SandboxException($"{email} has no pending invitation to {projectId}");

    private bool IsAuthorized(VendorRequest request)
    {
        var (header, prefix) = (request.Headers[world.Api.TokenHeader].ToString(), world.Api.TokenPrefix);
        // Two keys are one token, with a colon between.
        if (world.Api.SecondHeader is { } second)
            header = request.Headers[second].ToString() is { Length: > 0 } key ? $"{header}:{key}" : "";
        return header.StartsWith(prefix, StringComparison.Ordinal)
            && header.Length > prefix.Length
            && (setup.Token is not { } token || header[prefix.Length..].Equals(token, StringComparison.Ordinal));
    }

    private string? MissingHeader(VendorRequest request) =>
        world
            .Api.Headers.Where(h =>
                !request
                    .Headers[h.Key]
                    .ToString()
                    .Split(',', StringSplitOptions.TrimEntries)
                    .Append(request.Headers[h.Key].ToString())
                    .Contains(h.Value, StringComparer.Ordinal)
            )
            .Select(h => $"{h.Key}: {h.Value}")
            .FirstOrDefault();

    // A slash inside of an id is escaped, and is the one thing that the server has not unescaped. Null where the path
    // does not end as the definition says.
    private IReadOnlyList<string>? Segments(string path)
    {
        if (world.Api.ClosedPaths && !path.EndsWith('/'))
            return null;
        var trimmed = world.Api.ClosedPaths ? path[..^1] : path;
        return
        [
            .. trimmed.TrimStart('/').Split('/').Select(s => s.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
        ];
    }
}
