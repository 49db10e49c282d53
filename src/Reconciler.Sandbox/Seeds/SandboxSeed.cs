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

    /// <summary>The vendors' switches, on or off, by name; see <c>ClarifeyeQuirks</c>.</summary>
    public IReadOnlyDictionary<string, bool> Quirks { get; init; } = ImmutableDictionary<string, bool>.Empty;

    /// <summary>The projects of all connections.</summary>
    public ImmutableArray<SeedProject> Projects { get; init; } = [];

    /// <summary>Reads a seed from YAML text; all problems are reported together, in one <see cref="SandboxException"/>.</summary>
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
}

/// <summary>A project.</summary>
/// <param name="Id">The vendor's id.</param>
/// <param name="Provider">The connection it belongs to.</param>
public sealed record SeedProject(string Id, string Provider)
{
    /// <summary>The vendor's name of it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the token may not touch it (403).</summary>
    public bool Forbidden { get; init; }

    /// <summary>Its members, oldest first.</summary>
    public ImmutableArray<SeedMember> Members { get; init; } = [];

    /// <summary>Its invitations, oldest first.</summary>
    public ImmutableArray<SeedInvitation> Invitations { get; init; } = [];
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
    /// <summary>The vendor's word for its state.</summary>
    public string Status { get; init; } = "pending";

    /// <summary>When it was created; where absent, when the sandbox starts.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}
