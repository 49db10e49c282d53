using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.Clarifeye;

/// <summary>The access of a person in a project.</summary>
internal sealed record ClarifeyeAccess(ImmutableArray<string> Permissions, string Profile)
{
    public SandboxAccess ToWords(bool profiles)
    {
        var words = SandboxAccess.Permissions(Permissions.AsSpan());
        return profiles ? words.With("profile", Profile) : words;
    }
}

/// <summary>A permission record: one user in one project.</summary>
internal sealed class ClarifeyeMember(Guid id, Person user, ClarifeyeAccess access)
{
    public Guid Id => id;

    public Person User => user;

    public ClarifeyeAccess Access { get; set; } = access;
}

/// <summary>An invitation, with the address as the inviter wrote it.</summary>
internal sealed class ClarifeyeInvite(
    Guid id,
    string email,
    ClarifeyeAccess access,
    string status,
    DateTimeOffset createdAt
)
{
    public const string Pending = "pending";

    public const string Accepted = "accepted";

    public const string Cancelled = "cancelled";

    public Guid Id => id;

    public string Email => email;

    public ClarifeyeAccess Access => access;

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

/// <summary>A project's members and invitations, in the order of their creation.</summary>
internal sealed class ClarifeyeProject(string id, bool forbidden)
{
    private readonly Dictionary<Guid, ClarifeyeInvite> invitesById = [];
    private readonly Dictionary<string, ClarifeyeInvite> pending = new(StringComparer.OrdinalIgnoreCase);

    public string Id => id;

    public bool Forbidden => forbidden;

    public Roster<ClarifeyeMember> Members { get; } = new(member => member.Id, member => member.User.Email);

    public List<ClarifeyeInvite> Invites { get; } = [];

    public ClarifeyeInvite? Invite(Guid inviteId) => invitesById.GetValueOrDefault(inviteId);

    public ClarifeyeInvite? PendingInvite(string email) => pending.GetValueOrDefault(email);

    public void Add(ClarifeyeInvite invite)
    {
        if (invite.IsPending)
            pending.Add(invite.Email, invite);
        invitesById.Add(invite.Id, invite);
        Invites.Add(invite);
    }

    public void Settle(ClarifeyeInvite invite, string status, DateTimeOffset at)
    {
        pending.Remove(invite.Email);
        invite.Become(status, at);
    }
}
