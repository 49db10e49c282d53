namespace Reconciler.Sandbox.Described;

/// <summary>An account at a described vendor.</summary>
internal sealed record DescribedAccount(string Id, string Email, string Name);

/// <summary>A member of a project.</summary>
internal sealed class DescribedMember(string id, DescribedAccount account)
{
    public string Id => id;

    public DescribedAccount Account => account;

    /// <summary>What was given directly.</summary>
    public SandboxAccess Access { get; set; } = SandboxAccess.None;

    /// <summary>What comes from above.</summary>
    public SandboxAccess Inherited { get; init; } = SandboxAccess.None;

    public bool IsMachine { get; init; }

    public bool IsOwner { get; init; }
}

/// <summary>An invitation to a project.</summary>
internal sealed class DescribedInvitation(string id, string email, DateTimeOffset createdAt)
{
    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Declined = "declined";
    public const string Expired = "expired";

    public static IReadOnlyList<string> Statuses { get; } = [Pending, Accepted, Declined, Expired];

    public string Id => id;

    public string Email => email;

    public DateTimeOffset CreatedAt => createdAt;

    public SandboxAccess Access { get; set; } = SandboxAccess.None;

    public string Status { get; set; } = Pending;

    public bool IsPending => Status == Pending;

    public bool IsExpired => Status == Expired;
}

/// <summary>A project.</summary>
internal sealed class DescribedProject(string id, string name, bool isForbidden)
{
    public string Id => id;

    public string Name => name;

    /// <summary>Whether the token has no access to it (403).</summary>
    public bool IsForbidden => isForbidden;

    public List<DescribedMember> Members { get; } = [];

    public List<DescribedInvitation> Invitations { get; } = [];

    public DescribedMember? Member(string email) =>
        Members.Find(m => m.Account.Email.Equals(email, StringComparison.OrdinalIgnoreCase));

    public DescribedInvitation? Waiting(string email) =>
        Invitations.Find(i => i.IsPending && i.Email.Equals(email, StringComparison.OrdinalIgnoreCase));
}
