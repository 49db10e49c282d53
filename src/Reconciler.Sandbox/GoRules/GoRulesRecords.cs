using System.Collections.Immutable;
using Reconciler.Sandbox.Records;

namespace Reconciler.Sandbox.GoRules;

/// <summary>A user of the organisation. An invited person is a user with an id before they accept.</summary>
internal sealed class GoRulesUser(Person person, bool isService)
{
    public Person Person => person;

    public Guid Id => person.Id;

    public string Email => person.Email;

    public bool IsService => isService;

    public bool IsPending => Invitation is { AcceptedAt: null };

    /// <summary>The invitation of the user; null for initial users.</summary>
    public GoRulesInvitation? Invitation { get; set; }
}

/// <summary>An invitation to the organisation.</summary>
internal sealed class GoRulesInvitation(Guid id, GoRulesUser user, DateTimeOffset createdAt)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public Guid Id => id;

    public GoRulesUser User => user;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset ExpiresAt { get; private set; } = createdAt + Lifetime;

    public DateTimeOffset? AcceptedAt { get; set; }

    public string Status => AcceptedAt is null ? "pending" : "accepted";

    public void Renew(DateTimeOffset now) => ExpiresAt = now + Lifetime;
}

/// <summary>A group of a project. A group with a role contains everybody with that role in the organisation.</summary>
internal sealed record GoRulesGroup(
    Guid Id,
    string Name,
    string ProjectId,
    ImmutableArray<string> Permissions,
    string? Description,
    Guid? RoleId
);

/// <summary>A member of a project.</summary>
internal sealed class GoRulesMember(Guid id, GoRulesUser user, GoRulesProject project, DateTimeOffset createdAt)
{
    public Guid Id => id;

    public GoRulesUser User => user;

    public GoRulesProject Project => project;

    public bool Owner { get; private set; }

    public ImmutableArray<GoRulesGroup> Groups { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public SandboxAccess Access => SandboxAccess.Groups(Owner, [.. Groups.Select(group => group.Name)]);

    public void Change(ImmutableArray<GoRulesGroup> groups, bool owner, DateTimeOffset at)
    {
        Groups = groups;
        Owner = owner;
        UpdatedAt = at;
    }
}

/// <summary>A project's members and groups.</summary>
internal sealed class GoRulesProject(string id, bool forbidden)
{
    private readonly List<GoRulesGroup> groups = [];

    public string Id => id;

    public bool Forbidden => forbidden;

    public Roster<GoRulesMember> Members { get; } = new(member => member.Id, member => member.User.Email);

    public IReadOnlyList<GoRulesGroup> Groups => groups;

    public void Add(GoRulesGroup group) => groups.Add(group);

    public GoRulesGroup? Group(string groupId) =>
        Guid.TryParseExact(groupId, "D", out var key) ? groups.Find(group => group.Id == key) : null;

    public GoRulesGroup? Named(string name) => groups.Find(group => group.Name.Equals(name, StringComparison.Ordinal));
}
