using Reconciler.Core.Manifests.Shapes;
using Reconciler.Core.Manifests.Values;

namespace Reconciler.Core.Manifests.Kinds;

/// <summary>Who is in one project of a vendor, and with which access.</summary>
public sealed partial class ProjectMembership : Manifest
{
    /// <summary>The project, its people, and how they are kept.</summary>
    public required ProjectMembershipSpec Spec { get; init; }
}

/// <summary>The project, its people, and how they are kept.</summary>
public sealed partial class ProjectMembershipSpec : ManifestPart
{
    /// <summary>The name of the AccessProvider that the project belongs to.</summary>
    [Text(Pattern = Metadata.Label, Expected = "an AccessProvider's name", MaxLength = 63, Example = "clarifeye-eu")]
    public required string Provider { get; init; }

    /// <summary>The vendor's id of the project.</summary>
    [Text(
        MaxLength = 128,
        Expected = "the vendor's id of the project",
        Example = "3c90c3cc-0d44-4b50-8888-8dd25736052a"
    )]
    public required string ProjectId { get; init; }

    /// <summary>What happens to people who are in the project, but declared nowhere.</summary>
    [Default("the provider's defaults.prune, else owned")]
    public PrunePolicy? Prune { get; init; }

    /// <summary>What deleting this document does to the access it granted.</summary>
    [Default("the provider's defaults.deletionPolicy, else orphan")]
    public DeletionPolicy? DeletionPolicy { get; init; }

    /// <summary>
    /// Who is in the project. Absent: nobody is managed. An empty list: nobody is declared, and prune decides about
    /// everybody.
    /// </summary>
    [MaxItems(10_000)]
    public IReadOnlyList<MemberEntry>? Members { get; init; }

    /// <summary>What to do while an invitation waits.</summary>
    public InvitationRules? Invitations { get; init; }

    /// <summary>How often the project is compared, by the worker and the operator.</summary>
    [AtLeast("30s")]
    [Default("the provider's defaults.interval, else 10m")]
    public Duration? Interval { get; init; }

    /// <summary>Whether the project is suspended: neither read nor written.</summary>
    [Default("false")]
    public bool? Suspend { get; init; }

    /// <summary>Whether the project is planned and reported, but never written.</summary>
    [Default("false")]
    public bool? DryRun { get; init; }

    /// <summary>
    /// Whether the vendor's Owner role may be given to somebody else (Confident AI: the present Owner becomes Manager).
    /// </summary>
    [Default("false")]
    public bool? AllowOwnerTransfer { get; init; }
}

/// <summary>One declared person or team, with access.</summary>
[ExactlyOne("email", "person", "login", "team", "userId")]
[ExactlyOne("role", "access")]
public sealed partial class MemberEntry : ManifestPart
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

    /// <summary>The name of a Team: everybody in it, and in the teams in it.</summary>
    [Text(Pattern = Metadata.Label, Expected = "a Team's name", MaxLength = 63, Example = "platform")]
    public string? Team { get; init; }

    /// <summary>The vendor's id of a person, for accounts without an address.</summary>
    [Text(
        MaxLength = 128,
        Expected = "the vendor's id of a person",
        Example = "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        AllowsNumber = true
    )]
    public string? UserId { get; init; }

    /// <summary>The name of an AccessRole.</summary>
    [Text(Pattern = Metadata.Label, Expected = "an AccessRole's name", MaxLength = 63, Example = "analyst")]
    public string? Role { get; init; }

    /// <summary>Access in the vendor's own words.</summary>
    public AccessWords? Access { get; init; }

    /// <summary>When the access ends; then it is taken away, whatever prune says.</summary>
    public Expiry? ExpiresAt { get; init; }

    /// <summary>Why the access is given, for reviewers and auditors.</summary>
    [Text(MaxLength = 500, Lines = true, Example = "SEC-1234")]
    public string? Reason { get; init; }
}
