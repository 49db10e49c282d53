using System.Collections.Immutable;
using Reconciler.Sandbox.Http;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>Handles the calls about members of projects and organizations, and about the token's user.</summary>
internal readonly struct EquinixMemberships(EquinixWorld world, VendorRequest request)
{
    private EquinixAnswer Answer => new(request, world.Quirks);

    public VendorAnswer List(EquinixProject project)
    {
        var found = Listing.Search(
            project.Memberships.All,
            request.Query["search"].ToString(),
            membership => $"{membership.User.Email} {membership.User.Id}"
        );
        return Answer.Page("memberships", found, static (wire, membership) => wire.Membership(membership));
    }

    public VendorAnswer View(EquinixMembership membership) =>
        Answer.One(200, membership, static (wire, shown) => wire.Membership(shown));

    public VendorAnswer Update(EquinixMembership membership)
    {
        using var body = JsonBody.Read(request);
        if (body.Problem is not BodyProblem.None)
            return EquinixError.One(400, "The request body could not be parsed");
        var problems = new List<string>();
        var (field, blank) = world.Quirks[EquinixQuirks.RolesSpelling]
            ? ("roles", "Roles can't be blank")
            : ("role", "Role can't be blank");
        var roles = body.Texts(field, problems.Add) ?? ImmutableArray<string>.Empty;
        if (roles.IsEmpty)
            problems.Add(blank);
        problems.AddRange(EquinixRoles.Problems(roles, limited: !world.Quirks[EquinixQuirks.NoLimitedCollaborator]));
        if (problems.Count > 0)
            return EquinixError.Many(problems.Distinct(StringComparer.Ordinal));
        world.Change(membership, [.. roles.Distinct(StringComparer.Ordinal)]);
        return View(membership);
    }

    public VendorAnswer Delete(EquinixMembership membership)
    {
        world.Remove(membership);
        return new(204);
    }

    public VendorAnswer ListMembers(EquinixOrganization organization) =>
        Answer.Page("members", organization.Members.All, static (wire, member) => wire.OrganizationMember(member));

    public VendorAnswer DeleteMember(EquinixOrganization organization, Guid memberId)
    {
        if (organization.Members.Find(memberId) is not { } member)
            return EquinixError.NotFound;
        world.Remove(member);
        return new(204);
    }

    public VendorAnswer CurrentUser() => Answer.One(200, world.Actor, static (wire, user) => wire.User("", user));
}
