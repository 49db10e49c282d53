using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.ConfidentAi;

/// <summary>A role. A role without a project is a system role.</summary>
internal sealed record ConfidentRole(Guid Id, string Name, string Description, string? ProjectId);

/// <summary>A member of a project. The id is that of the user.</summary>
internal sealed class ConfidentMember(Person user, ConfidentRole role)
{
    public Person User => user;

    public ConfidentRole Role { get; set; } = role;
}

/// <summary>
/// An invitation, with the address as the inviter wrote it. Without a role, it is for the default role.
/// </summary>
internal sealed class ConfidentInvitation(
    int id,
    string email,
    ConfidentRole? role,
    string status,
    DateTimeOffset createdAt
)
{
    public const string Pending = "PENDING";

    public const string Accepted = "ACCEPTED";

    public const string Declined = "DECLINED";

    public int Id => id;

    public string Email => email;

    public ConfidentRole? Role => role;

    public string Status { get; set; } = status;

    public DateTimeOffset CreatedAt => createdAt;

    public bool IsPending => Status is Pending;
}

/// <summary>A project's members, invitations and roles, in the order they came.</summary>
internal sealed class ConfidentProject(
    string id,
    string name,
    bool forbidden,
    IReadOnlyList<ConfidentRole> roles,
    DateTimeOffset createdAt
)
{
    private readonly SortedDictionary<int, ConfidentInvitation> invitations = [];
    private readonly Dictionary<string, List<ConfidentInvitation>> byEmail = new(StringComparer.OrdinalIgnoreCase);

    public string Id => id;

    public string Name => name;

    public bool Forbidden => forbidden;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The system roles, then the project's own.</summary>
    public IReadOnlyList<ConfidentRole> Roles => roles;

    public Roster<ConfidentMember> Members { get; } = new(member => member.User.Id, member => member.User.Email);

    /// <summary>The invitations, oldest first, since ids ascend.</summary>
    public IReadOnlyCollection<ConfidentInvitation> Invitations => invitations.Values;

    public ConfidentMember? Owner => Members.All.FirstOrDefault(member => member.Role.Name is ConfidentWorld.Owner);

    public ConfidentRole? Role(string roleId) =>
        Guid.TryParseExact(roleId, "D", out var key) ? roles.FirstOrDefault(role => role.Id == key) : null;

    public ConfidentRole Named(string roleName) =>
        roles.First(role => role.Name.Equals(roleName, StringComparison.Ordinal));

    public ConfidentInvitation? Invitation(int invitationId) => invitations.GetValueOrDefault(invitationId);

    /// <summary>All invitations of one person, oldest first.</summary>
    public IReadOnlyList<ConfidentInvitation> InvitationsOf(string email) => byEmail.GetValueOrDefault(email) ?? [];

    public ConfidentInvitation? PendingInvitation(string email) =>
        InvitationsOf(email).FirstOrDefault(invitation => invitation.IsPending);

    public void Add(ConfidentInvitation invitation)
    {
        invitations.Add(invitation.Id, invitation);
        if (!byEmail.TryGetValue(invitation.Email, out var same))
            byEmail.Add(invitation.Email, same = []);
        same.Add(invitation);
    }

    public void Delete(ConfidentInvitation invitation)
    {
        invitations.Remove(invitation.Id);
        byEmail[invitation.Email].Remove(invitation);
    }

    public void ClearPending(string email)
    {
        foreach (var invitation in InvitationsOf(email).Where(invitation => invitation.IsPending).ToList())
            Delete(invitation);
    }
}
