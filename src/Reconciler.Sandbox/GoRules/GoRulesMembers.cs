using System.Collections.Immutable;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.GoRules;

/// <summary>Handles the calls of one project. No call removes a member, since none is documented.</summary>
internal readonly struct GoRulesMembers(GoRulesWorld world, GoRulesProject project, VendorRequest request)
{
    public VendorAnswer List()
    {
        var organisation = world.OrganisationId;
        return GoRulesWire.Page(
            request,
            project.Members.All,
            world.Quirks,
            (writer, member) => GoRulesWire.Member(writer, (member, organisation))
        );
    }

    /// <summary>Lists the organisation's users who are not in the project yet.</summary>
    public VendorAnswer ListCandidates()
    {
        var (organisation, members) = (world.OrganisationId, project.Members);
        var left = world.Users.Where(user => members.Find(user.Email) is null).ToList();
        var found = Listing.Search(left, request.Query["search"].ToString(), user => user.Email);
        return GoRulesWire.Page(
            request,
            found,
            world.Quirks,
            (writer, user) => GoRulesWire.User(writer, (user, organisation))
        );
    }

    public VendorAnswer ListGroups() =>
        GoRulesWire.Page(
            request,
            Listing.Search(project.Groups, request.Query["search"].ToString(), group => group.Name),
            world.Quirks,
            GoRulesWire.Group
        );

    public VendorAnswer Add()
    {
        using var body = JsonBody.Read(request);
        var problems = Problems(body);
        var users = Users(body, problems);
        var groups = Groups(body, problems) ?? [];
        var owner = body.Flag("owner", problems.Add) ?? false;
        if (problems.Count > 0)
            return GoRulesWire.BadRequest(string.Join("; ", problems));
        var added = new List<(GoRulesMember, Guid)>();
        foreach (var user in users)
        {
            // "List of newly created membership records": existing members are not in it.
            if (project.Members.Find(user.Email) is null)
                added.Add((world.AddMember(project, user, groups, owner), world.OrganisationId));
        }

        return GoRulesWire.Bare(added, GoRulesWire.Member);
    }

    public VendorAnswer Update(string memberId)
    {
        if (!Guid.TryParseExact(memberId, "D", out var id) || project.Members.Find(id) is not { } member)
            return GoRulesWire.NotFound;
        using var body = JsonBody.Read(request);
        var problems = Problems(body);
        var groups = Groups(body, problems) ?? member.Groups;
        var owner = body.Flag("owner", problems.Add) ?? member.Owner;
        if (problems.Count > 0)
            return GoRulesWire.BadRequest(string.Join("; ", problems));
        if (world.Quirks[GoRulesQuirks.PutMerges])
            groups = [.. member.Groups.Union(groups)];
        world.Change(member, groups, owner);
        return GoRulesWire.One((member, world.OrganisationId), GoRulesWire.Member);
    }

    /// <summary>Adds the token's user to the project.</summary>
    public VendorAnswer Join()
    {
        var member = project.Members.Find(world.Actor.Email) ?? world.AddMember(project, world.Actor, [], owner: false);
        return GoRulesWire.One((member, world.OrganisationId), GoRulesWire.Member);
    }

    private static List<string> Problems(JsonBody body) =>
        body.Problem is BodyProblem.None ? [] : ["body must be an object"];

    private List<GoRulesUser> Users(JsonBody body, List<string> problems)
    {
        var users = new List<GoRulesUser>();
        var ids = body.Texts("userIds", problems.Add) ?? [];
        if (ids.IsEmpty)
            problems.Add("userIds must not be empty");
        foreach (var id in ids.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!Guid.TryParseExact(id, "D", out var uuid) || world.User(uuid) is not { } user)
                problems.Add($"user {id} is unknown");
            else if (user.IsPending && !world.Quirks[GoRulesQuirks.PendingAddable])
                problems.Add($"user {id} has not accepted the invitation to the organisation");
            else
                users.Add(user);
        }

        return users;
    }

    private ImmutableArray<GoRulesGroup>? Groups(JsonBody body, List<string> problems)
    {
        if (body.Texts("groupIds", problems.Add) is not { } ids)
            return null;
        var groups = ImmutableArray.CreateBuilder<GoRulesGroup>();
        foreach (var id in ids.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (project.Group(id) is { } group)
                groups.Add(group);
            else
                problems.Add($"group {id} is unknown");
        }

        return groups.ToImmutable();
    }
}
