using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// Holds Equinix Metal's state and changes it. Invitations are the only way in; each may be for several projects.
/// </summary>
internal sealed class EquinixWorld
{
    private readonly VendorSetup setup;
    private readonly People people;
    private readonly Dictionary<Guid, EquinixOrganization> organizations = [];
    private readonly Dictionary<Guid, EquinixProject> projects = [];
    private readonly Dictionary<Guid, EquinixMembership> memberships = [];
    private readonly Dictionary<Guid, EquinixInvitation> invitations = [];
    private EquinixOrganization? unnamed;

    public EquinixWorld(VendorSetup setup)
    {
        this.setup = setup;
        people = setup.People();
        Actor = people.Register(setup.Seed.ActingAs);
        foreach (var email in setup.Seed.KnownUsers)
            people.Register(email);
        EquinixSeed.Load(setup.Seed, this);
    }

    /// <summary>The user of the token, who can accept invitations to their address.</summary>
    public Person Actor { get; }

    public QuirkSwitches Quirks => setup.Quirks;

    /// <summary>The projects that the token's user can list, oldest first.</summary>
    public IReadOnlyList<EquinixProject> VisibleProjects =>
        [
            .. projects.Values.Where(project =>
                !project.Forbidden
                && (!Quirks[EquinixQuirks.OnlyOwnProjects] || project.Memberships.Find(Actor.Email) is not null)
            ),
        ];

    public EquinixProject? Project(Guid id) => projects.GetValueOrDefault(id);

    public EquinixOrganization? Organization(Guid id) => organizations.GetValueOrDefault(id);

    public EquinixMembership? Membership(Guid id) => memberships.GetValueOrDefault(id);

    /// <summary>Finds a pending invitation; null for an answered one, which the API does not show.</summary>
    public EquinixInvitation? Invitation(Guid id) =>
        invitations.TryGetValue(id, out var found) && found.IsPending ? found : null;

    public IReadOnlyList<EquinixInvitation> InvitationsOf(Person person) =>
        [
            .. organizations
                .Values.SelectMany(organization => organization.Pending(person.Email))
                .OrderBy(invitation => invitation.CreatedAt),
        ];

    /// <summary>Adds a project; null where the id is taken.</summary>
    public EquinixProject? AddProject(Guid id, string name, bool forbidden, Guid? organizationId)
    {
        var organization = organizationId is { } given ? Organized(given) : unnamed ??= Organized(setup.Ids.Next());
        var project = new EquinixProject(id, name, forbidden, organization, setup.Clock.GetUtcNow());
        if (!projects.TryAdd(id, project))
            return null;
        organization.Projects.Add(project);
        return project;
    }

    public EquinixMembership AddMembership(EquinixProject project, string email, ImmutableArray<string> roles)
    {
        var user = people.Register(email);
        var membership = new EquinixMembership(setup.Ids.Next(), user, project, roles, setup.Clock.GetUtcNow());
        project.Memberships.Add(membership);
        memberships.Add(membership.Id, membership);
        Join(project.Organization, user, roles);
        return membership;
    }

    public EquinixInvitation AddInvitation(
        EquinixOrganization organization,
        string invitee,
        EquinixGrant grant,
        string status,
        DateTimeOffset? createdAt = null
    )
    {
        var invitation = new EquinixInvitation(
            setup.Ids.Next(),
            invitee,
            organization,
            grant,
            Actor,
            status,
            createdAt ?? setup.Clock.GetUtcNow()
        );
        invitations.Add(invitation.Id, invitation);
        organization.Add(invitation);
        return invitation;
    }

    public void Send(EquinixInvitation invitation) =>
        setup.Mails.Send(invitation.Invitee, [.. invitation.Projects.Select(project => $"{project.Id}")]);

    public void Settle(EquinixInvitation invitation, string status) =>
        invitation.Become(status, setup.Clock.GetUtcNow());

    /// <summary>
    /// Accepts an invitation, and returns the first membership that it grants. An existing membership stays unchanged.
    /// Where the invitation is to the organization only, the returned membership has no project.
    /// </summary>
    public EquinixMembership Accept(EquinixInvitation invitation)
    {
        Settle(invitation, EquinixInvitation.Accepted);
        var granted = invitation
            .Projects.Select(project =>
                project.Memberships.Find(invitation.Invitee)
                ?? AddMembership(project, invitation.Invitee, invitation.Roles)
            )
            .ToList();
        if (granted.Count > 0)
            return granted[0];
        var member = Join(invitation.Organization, people.Register(invitation.Invitee), invitation.Roles);
        return new(member.Id, member.User, project: null, member.Roles, setup.Clock.GetUtcNow());
    }

    public void Change(EquinixMembership membership, ImmutableArray<string> roles) =>
        membership.Change(roles, setup.Clock.GetUtcNow());

    public void Remove(EquinixMembership membership)
    {
        memberships.Remove(membership.Id);
        membership.Project!.Memberships.Remove(membership);
    }

    /// <summary>Removes a member from the organization and all its projects.</summary>
    public void Remove(EquinixOrganizationMember member)
    {
        member.Organization.Members.Remove(member);
        foreach (var project in member.Organization.Projects)
        {
            if (project.Memberships.Find(member.User.Email) is { } membership)
                Remove(membership);
        }
    }

    private EquinixOrganizationMember Join(EquinixOrganization organization, Person user, ImmutableArray<string> roles)
    {
        if (organization.Members.Find(user.Email) is { } member)
            return member;
        member = new(setup.Ids.Next(), user, organization, roles);
        organization.Members.Add(member);
        return member;
    }

    private EquinixOrganization Organized(Guid id)
    {
        if (!organizations.TryGetValue(id, out var organization))
            organizations.Add(
                id,
                organization = new(id, $"Organization {organizations.Count + 1}", setup.Clock.GetUtcNow())
            );
        return organization;
    }
}
