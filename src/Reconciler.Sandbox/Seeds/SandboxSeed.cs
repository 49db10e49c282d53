using System.Collections.Immutable;

namespace Reconciler.Sandbox.Seeds;

/// <summary>
/// The state a sandbox starts with. Written in C#, or read from YAML (so from JSON too) with <see cref="Parse"/>.
/// Everything at the top counts for every connection; a connection's own settings come first.
/// </summary>
public sealed record SandboxSeed
{
    /// <summary>The connections. Where there are none, every provider that a project names is one.</summary>
    public ImmutableArray<SeedConnection> Connections { get; init; } = [];

    /// <summary>The one token that is accepted; where absent, any token is.</summary>
    public string? Token { get; init; }

    /// <summary>Whose token it is.</summary>
    public string ActingAs { get; init; } = "bot@example.com";

    /// <summary>Who is registered at the vendor, besides the members of the projects.</summary>
    public ImmutableArray<string> KnownUsers { get; init; } = [];

    /// <summary>The vendors' switches, on or off, by name; see <c>ClarifeyeQuirks</c>, <c>ConfidentQuirks</c>,
    /// <c>EquinixQuirks</c>, <c>GoRulesQuirks</c>.</summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>The projects of all connections.</summary>
    public ImmutableArray<SeedProject> Projects { get; init; } = [];

    /// <summary>
    /// Reads a seed from YAML text; all problems are reported together, in one <see cref="SandboxException"/>.
    /// </summary>
    public static SandboxSeed Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        return SeedReader.Read(yaml);
    }
}

/// <summary>A connection: one account at one vendor.</summary>
/// <param name="Name">Its name; the first segment of its base URL.</param>
public sealed record SeedConnection(string Name)
{
    /// <summary>The vendor; where absent, the one that the name begins with.</summary>
    public string? Type { get; init; }

    /// <summary>This connection's token.</summary>
    public string? Token { get; init; }

    /// <summary>Whose token it is.</summary>
    public string? ActingAs { get; init; }

    /// <summary>Who else is registered there.</summary>
    public ImmutableArray<string> KnownUsers { get; init; } = [];

    /// <summary>This connection's switches.</summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>
    /// Confident AI: who belongs to another organization, and leaves it by accepting an invitation to this one.
    /// </summary>
    public ImmutableArray<string> OtherOrganization { get; init; } = [];

    /// <summary>GoRules: users of the organisation that are services, not people.</summary>
    public ImmutableArray<string> ServiceUsers { get; init; } = [];

    /// <summary>Equinix Metal: how many requests are answered; where absent, more than anybody sends.</summary>
    public SeedRateLimit? RateLimit { get; init; }
}

/// <summary>How many requests are answered before a 429, by the sandbox's clock.</summary>
/// <param name="Requests">How many in one window.</param>
/// <param name="Seconds">How long a window is; it begins with the first request after the last one ended.</param>
public sealed record SeedRateLimit(int Requests, int Seconds);

/// <summary>A project.</summary>
/// <param name="Id">The vendor's id.</param>
/// <param name="Provider">The connection it belongs to.</param>
public sealed record SeedProject(string Id, string Provider)
{
    /// <summary>The vendor's name of it.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Equinix Metal: the organization it belongs to (uuid); where absent, one that the sandbox makes up.
    /// </summary>
    public string? Organization { get; init; }

    /// <summary>Confident AI: the names of its custom roles, beside the system's Owner, Manager and Member.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>GoRules: its groups; where there are none, those that its people's access names.</summary>
    public ImmutableArray<SeedGroup> Groups { get; init; } = [];

    /// <summary>Whether the token may not touch it (403).</summary>
    public bool Forbidden { get; init; }

    /// <summary>Its members, oldest first.</summary>
    public ImmutableArray<SeedMember> Members { get; init; } = [];

    /// <summary>Its invitations, oldest first.</summary>
    public ImmutableArray<SeedInvitation> Invitations { get; init; } = [];
}

/// <summary>A group of a GoRules project.</summary>
/// <param name="Name">Its name.</param>
public sealed record SeedGroup(string Name)
{
    /// <summary>Its id (uuid); where absent, one that the sandbox makes up.</summary>
    public string? Id { get; init; }

    /// <summary>What it may do.</summary>
    public ImmutableArray<string> Permissions { get; init; } = [];

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The organisation role (uuid) that it belongs to, and that decides who is in it.</summary>
    public string? RoleId { get; init; }
}

/// <summary>A member.</summary>
/// <param name="Email">The address.</param>
/// <param name="Access">What they may do.</param>
public sealed record SeedMember(string Email, SandboxAccess Access);

/// <summary>An invitation.</summary>
/// <param name="Email">The address.</param>
/// <param name="Access">What accepting it grants.</param>
public sealed record SeedInvitation(string Email, SandboxAccess Access)
{
    /// <summary>The vendor's word for its state, in any case.</summary>
    public string Status { get; init; } = "pending";

    /// <summary>When it was created; where absent, when the sandbox starts.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Equinix Metal: the other projects that the same invitation is for.</summary>
    public ImmutableArray<string> AlsoProjects { get; init; } = [];
}
