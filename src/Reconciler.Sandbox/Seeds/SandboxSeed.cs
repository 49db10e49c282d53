using System.Collections.Immutable;

namespace Reconciler.Sandbox.Seeds;

/// <summary>
/// The initial state of a sandbox, written in C# or read from YAML (or JSON) with <see cref="Parse"/>. The settings at
/// the top apply to every connection; a connection's own settings have precedence.
/// </summary>
public sealed record SandboxSeed
{
    /// <summary>The connections. Where empty, every provider that a project names is a connection.</summary>
    public ImmutableArray<SeedConnection> Connections { get; init; } = [];

    /// <summary>The only accepted token; null to accept any.</summary>
    public string? Token { get; init; }

    /// <summary>The user of the token.</summary>
    public string ActingAs { get; init; } = "bot@example.com";

    /// <summary>The people who are registered at the vendor, besides the members of the projects.</summary>
    public ImmutableArray<string> KnownUsers { get; init; } = [];

    /// <summary>
    /// The switches of the vendors, on or off, by name; see <c>ClarifeyeQuirks</c>, <c>ConfidentQuirks</c>,
    /// <c>EquinixQuirks</c>, <c>GoRulesQuirks</c>, <c>DescribedQuirks</c>.
    /// </summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>The projects of all connections.</summary>
    public ImmutableArray<SeedProject> Projects { get; init; } = [];

    /// <summary>Reads a seed from YAML; throws one <see cref="SandboxException"/> with all problems.</summary>
    public static SandboxSeed Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return SeedReader.Read(yaml);
    }
}

/// <summary>A connection: one account at one vendor.</summary>
/// <param name="Name">The name; the first segment of its base URL.</param>
public sealed record SeedConnection(string Name)
{
    /// <summary>The vendor; null for the one that the name begins with.</summary>
    public string? Type { get; init; }

    /// <summary>The token of this connection; null for the seed's.</summary>
    public string? Token { get; init; }

    /// <summary>The user of the token; null for the seed's.</summary>
    public string? ActingAs { get; init; }

    /// <summary>The line in the seed; 0 for none.</summary>
    internal int Line { get; init; }

    /// <summary>Described vendors: accounts with ids or names that matter.</summary>
    public ImmutableArray<SeedPerson> People { get; init; } = [];

    /// <summary>
    /// Described vendors: the ids of roles or groups. Without any of a list, those of the words in the definition and in
    /// the seed are generated.
    /// </summary>
    public ImmutableArray<SeedName> Names { get; init; } = [];

    /// <summary>Further people who are registered there.</summary>
    public ImmutableArray<string> KnownUsers { get; init; } = [];

    /// <summary>The switches of this connection.</summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>
    /// Confident AI: people who belong to another organization, and leave it by accepting an invitation to this one.
    /// </summary>
    public ImmutableArray<string> OtherOrganization { get; init; } = [];

    /// <summary>GoRules: users of the organisation that are services, not people.</summary>
    public ImmutableArray<string> ServiceUsers { get; init; } = [];

    /// <summary>Equinix Metal: the limit of requests; null for one that is never reached.</summary>
    public SeedRateLimit? RateLimit { get; init; }
}

/// <summary>An account at a described vendor.</summary>
/// <param name="Email">The address.</param>
public sealed record SeedPerson(string Email)
{
    /// <summary>The vendor's id; null for a generated one.</summary>
    public string? Id { get; init; }

    /// <summary>The name; null for one that is made from the address.</summary>
    public string? Name { get; init; }

    internal int Line { get; init; }
}

/// <summary>The id of a role or group at a described vendor.</summary>
/// <param name="List">The list below <c>names</c> of the definition.</param>
/// <param name="Name">The name.</param>
/// <param name="Id">The id.</param>
public sealed record SeedName(string List, string Name, string Id)
{
    internal int Line { get; init; }
}

/// <summary>The number of requests that are answered before a 429, by the sandbox's clock.</summary>
/// <param name="Requests">The number of requests in one window.</param>
/// <param name="Seconds">
/// The length of a window in seconds. It begins with the first request after the last window ended.
/// </param>
public sealed record SeedRateLimit(int Requests, int Seconds);

/// <summary>A project.</summary>
/// <param name="Id">The vendor's id.</param>
/// <param name="Provider">The connection of the project.</param>
public sealed record SeedProject(string Id, string Provider)
{
    /// <summary>The vendor's name of the project; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Equinix Metal: the organization of the project (uuid); null for a generated one.</summary>
    public string? Organization { get; init; }

    /// <summary>
    /// Confident AI: the names of its custom roles, in addition to the system roles Owner, Manager and Member.
    /// </summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>GoRules: its groups. Where empty, those that the access of its people names.</summary>
    public ImmutableArray<SeedGroup> Groups { get; init; } = [];

    internal int Line { get; init; }

    /// <summary>Whether the token has no access to the project (403).</summary>
    public bool Forbidden { get; init; }

    /// <summary>The members, oldest first.</summary>
    public ImmutableArray<SeedMember> Members { get; init; } = [];

    /// <summary>The invitations, oldest first.</summary>
    public ImmutableArray<SeedInvitation> Invitations { get; init; } = [];
}

/// <summary>A group of a GoRules project.</summary>
/// <param name="Name">The name of the group.</param>
public sealed record SeedGroup(string Name)
{
    /// <summary>The id (uuid); null for a generated one.</summary>
    public string? Id { get; init; }

    /// <summary>The permissions of the group.</summary>
    public ImmutableArray<string> Permissions { get; init; } = [];

    /// <summary>The description of the group; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The organisation role (uuid) that fills the group; null for none.</summary>
    public string? RoleId { get; init; }
}

/// <summary>A member of a project.</summary>
/// <param name="Email">The address.</param>
/// <param name="Access">The access of the member.</param>
public sealed record SeedMember(string Email, SandboxAccess Access)
{
    /// <summary>Described vendors: the id of the membership; null for a generated one.</summary>
    public string? Id { get; init; }

    /// <summary>Described vendors: access that comes from above.</summary>
    public SandboxAccess Inherited { get; init; } = SandboxAccess.None;

    /// <summary>Described vendors: whether it is a machine account.</summary>
    public bool Machine { get; init; }

    /// <summary>Described vendors: whether it is the vendor's one owner.</summary>
    public bool Owner { get; init; }

    internal int Line { get; init; }
}

/// <summary>An invitation to a project.</summary>
/// <param name="Email">The address.</param>
/// <param name="Access">The access that accepting grants.</param>
public sealed record SeedInvitation(string Email, SandboxAccess Access)
{
    /// <summary>Described vendors: the id; null for a generated one.</summary>
    public string? Id { get; init; }

    internal int Line { get; init; }

    /// <summary>The vendor's status, in any case.</summary>
    public string Status { get; init; } = "pending";

    /// <summary>The time when it was created; null for the start of the sandbox.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Equinix Metal: the further projects of the same invitation.</summary>
    public ImmutableArray<string> AlsoProjects { get; init; } = [];
}
