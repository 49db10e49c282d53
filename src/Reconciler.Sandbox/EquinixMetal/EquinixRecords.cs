using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.EquinixMetal;

/// <summary>
/// An organization with its people, and with the invitations to it and to its projects, including answered ones.
/// </summary>
internal sealed class EquinixOrganization(Guid id, string name, DateTimeOffset createdAt)
{
    private readonly Dictionary<string, List<EquinixInvitation>> byEmail = new(StringComparer.OrdinalIgnoreCase);

    public Guid Id => id;

    public string Name => name;

    public DateTimeOffset CreatedAt => createdAt;

    public Roster<EquinixOrganizationMember> Members { get; } = new(member => member.Id, member => member.User.Email);

    public List<EquinixProject> Projects { get; } = [];

    public List<EquinixInvitation> Invitations { get; } = [];

    public void Add(EquinixInvitation invitation)
    {
        Invitations.Add(invitation);
        foreach (var project in invitation.Projects)
            project.Invitations.Add(invitation);
        if (!byEmail.TryGetValue(invitation.Invitee, out var same))
            byEmail.Add(invitation.Invitee, same = []);
        same.Add(invitation);
    }

    /// <summary>A person's pending invitations, oldest first.</summary>
    public IEnumerable<EquinixInvitation> Pending(string email) =>
        (byEmail.GetValueOrDefault(email) ?? []).Where(invitation => invitation.IsPending);
}

/// <summary>A member of an organization, with or without projects.</summary>
internal sealed record EquinixOrganizationMember(
    Guid Id,
    Person User,
    EquinixOrganization Organization,
    ImmutableArray<string> Roles
);

/// <summary>A project of one organization.</summary>
internal sealed class EquinixProject(
    Guid id,
    string name,
    bool forbidden,
    EquinixOrganization organization,
    DateTimeOffset createdAt
)
{
    public Guid Id => id;

    public string Name => name;

    public bool Forbidden => forbidden;

    public EquinixOrganization Organization => organization;

    public DateTimeOffset CreatedAt => createdAt;

    public Roster<EquinixMembership> Memberships { get; } =
        new(membership => membership.Id, membership => membership.User.Email);

    /// <summary>The invitations to this project, possibly together with other projects.</summary>
    public List<EquinixInvitation> Invitations { get; } = [];
}

/// <summary>A membership of a project. Without a project, it is a membership of an organization.</summary>
internal sealed class EquinixMembership(
    Guid id,
    Person user,
    EquinixProject? project,
    ImmutableArray<string> roles,
    DateTimeOffset createdAt
)
{
    public Guid Id => id;

    public Person User => user;

    public EquinixProject? Project => project;

    public ImmutableArray<string> Roles { get; private set; } = roles;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public void Change(ImmutableArray<string> next, DateTimeOffset at)
    {
        Roles = next;
        UpdatedAt = at;
    }
}

/// <summary>What accepting an invitation grants: the roles, in each of its projects.</summary>
internal sealed record EquinixGrant(ImmutableArray<EquinixProject> Projects, ImmutableArray<string> Roles);

/// <summary>
/// An invitation, with the address as the inviter wrote it. The vendor shows no status, and lists no answered ones.
/// </summary>
internal sealed class EquinixInvitation(
    Guid id,
    string invitee,
    EquinixOrganization organization,
    EquinixGrant grant,
    Person invitedBy,
    string status,
    DateTimeOffset createdAt
)
{
    public const string Pending = "pending";

    public const string Accepted = "accepted";

    public const string Declined = "declined";

    public Guid Id => id;

    public string Invitee => invitee;

    public EquinixOrganization Organization => organization;

    public ImmutableArray<EquinixProject> Projects => grant.Projects;

    public ImmutableArray<string> Roles => grant.Roles;

    public Person InvitedBy => invitedBy;

    public string Nonce { get; } = $"{id:N}"[..20];

    public string Status { get; private set; } = status;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public bool IsPending => Status is Pending;

    public void Become(string next, DateTimeOffset at)
    {
        Status = next;
        UpdatedAt = at;
    }
}
