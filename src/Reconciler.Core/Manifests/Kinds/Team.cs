using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>People, named once. A team carries no access.</summary>
public sealed partial class Team : Manifest
{
    /// <summary>Who is in the team.</summary>
    public required TeamSpec Spec { get; init; }
}

/// <summary>Who is in a team.</summary>
public sealed partial class TeamSpec : ManifestPart
{
    /// <summary>The people and teams in it; an empty list is a team of nobody.</summary>
    [MaxItems(10_000)]
    public required IReadOnlyList<TeamEntry> Members { get; init; }
}

/// <summary>One person, or one team, in a team.</summary>
[ExactlyOne("email", "person", "login", "team")]
public sealed partial class TeamEntry : ManifestPart
{
    /// <summary>A person's address.</summary>
    public EmailAddress? Email { get; init; }

    /// <summary>The name of a Person.</summary>
    [Text(Pattern = Metadata.Label, Expected = "a Person's name", MaxLength = 63, Example = "dave")]
    public string? Person { get; init; }

    /// <summary>The person's login, for vendors that know people by logins.</summary>
    public Login? Login { get; init; }

    /// <summary>The id of the login's account. Somebody who registers the login later gets nothing.</summary>
    [Text(MaxLength = 128, Expected = "the vendor's id of the account", Example = "583231", AllowsNumber = true)]
    public string? Id { get; init; }

    /// <summary>The name of another Team; a team cannot contain itself.</summary>
    [Text(Pattern = Metadata.Label, Expected = "a Team's name", MaxLength = 63, Example = "on-call")]
    public string? Team { get; init; }

    /// <summary>When the person leaves the team.</summary>
    public Expiry? ExpiresAt { get; init; }

    /// <summary>Why the person is in the team, for reviewers and auditors.</summary>
    [Text(MaxLength = 500, Lines = true, Example = "SEC-1234")]
    public string? Reason { get; init; }
}

/// <summary>One human, whatever address a vendor knows.</summary>
public sealed partial class Person : Manifest
{
    /// <summary>The human's addresses and ids.</summary>
    public required PersonSpec Spec { get; init; }
}

/// <summary>A human's addresses and ids.</summary>
public sealed partial class PersonSpec : ManifestPart
{
    /// <summary>The address that invitations go to.</summary>
    public required EmailAddress Email { get; init; }

    /// <summary>Other addresses under which a vendor may know the human.</summary>
    [MaxItems(50)]
    public IReadOnlyList<EmailAddress>? Aliases { get; init; }

    /// <summary>
    /// The human's logins at vendors that know people by logins, by the names of AccessProviders, of vendors, or of
    /// their sites, such as <c>github</c>.
    /// </summary>
    [MaxItems(100)]
    public IReadOnlyDictionary<string, Login>? Logins { get; init; }

    /// <summary>The vendor's ids of the human, by the names of AccessProviders, of vendors, or of sites.</summary>
    [Text(MaxLength = 128, Expected = "the vendor's id of the person", AllowsNumber = true)]
    [MaxItems(100)]
    public IReadOnlyDictionary<string, string>? UserIds { get; init; }

    /// <summary>
    /// Whether the human has left: granted nowhere, and removed from everything managed, whatever prune says.
    /// </summary>
    [Default("false")]
    public bool? Departed { get; init; }
}

/// <summary>A portable bundle of access, spelled out once for each vendor.</summary>
public sealed partial class AccessRole : Manifest
{
    /// <summary>What the role means at each vendor.</summary>
    public required AccessRoleSpec Spec { get; init; }
}

/// <summary>What a role means at each vendor.</summary>
public sealed partial class AccessRoleSpec : ManifestPart
{
    /// <summary>Access in each vendor's own words, by the vendors' names.</summary>
    [MaxItems(20)]
    public required IReadOnlyDictionary<string, AccessWords> Access { get; init; }
}
