using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Reviews;

/// <summary>The state of a person in a project, at the vendor.</summary>
public enum ReviewState
{
    /// <summary>A member who has accepted.</summary>
    Member,

    /// <summary>Invited, without an answer so far.</summary>
    Invited,

    /// <summary>Neither a member nor invited, though a manifest declares the person.</summary>
    Absent,
}

/// <summary>What manifests say about somebody's access.</summary>
public enum ReviewStanding
{
    /// <summary>A manifest declares the person.</summary>
    Declared,

    /// <summary>No manifest declares the person, and the access stays.</summary>
    Unmanaged,

    /// <summary>
    /// No manifest declares the person any more; the next apply removes the access, unless something holds it.
    /// </summary>
    Leaving,

    /// <summary>Ignored, protected, or a machine account: not managed.</summary>
    LeftAlone,
}

/// <summary>The result of reading a project for a review.</summary>
public enum ReviewReading
{
    /// <summary>Read completely.</summary>
    Read,

    /// <summary>Not read because of an error, so the members are unknown.</summary>
    Failed,

    /// <summary>Not read, since its document suspends it.</summary>
    Suspended,

    /// <summary>Not read, since its document is deleted; its members keep their access.</summary>
    Orphaned,

    /// <summary>
    /// Not read: its document is deleted and asks to revoke, but no connection to its account is declared any more.
    /// </summary>
    Stranded,
}

/// <summary>A project in a review.</summary>
/// <param name="Document">The namespace and name of the document.</param>
/// <param name="Provider">The namespace and name of the connection; empty where there is none any more.</param>
/// <param name="Vendor">The vendor's type.</param>
/// <param name="ProjectId">The vendor's id of the project.</param>
/// <param name="Reading">The result of reading it.</param>
public sealed record ReviewProject(
    string Document,
    string Provider,
    string Vendor,
    string ProjectId,
    ReviewReading Reading
)
{
    /// <summary>The vendor's name of the project; null where the API has no names.</summary>
    public string? VendorName { get; init; }

    /// <summary>What the roles or groups of its rows permit, as far as the vendor tells.</summary>
    public ImmutableArray<GrantMeaning> Meanings { get; init; } = [];

    /// <summary>The reason why it was not read; null where it was read.</summary>
    public string? Message { get; init; }

    /// <summary>The name of the connection, without its namespace.</summary>
    public string ProviderName => Provider[(Provider.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>One account, pending invitation or unfulfilled declaration in one project.</summary>
/// <param name="Project">The project.</param>
/// <param name="Person">The person, as declared, or else as the vendor names them.</param>
/// <param name="State">The state at the vendor.</param>
/// <param name="Standing">What the manifests declare.</param>
public sealed record ReviewRow(ReviewProject Project, string Person, ReviewState State, ReviewStanding Standing)
{
    /// <summary>A key that is the same for all rows of the person.</summary>
    public required string Key { get; init; }

    /// <summary>The vendor's id of the person; null where it has none.</summary>
    public string? PersonId { get; init; }

    /// <summary>The person's name, as the vendor has it; null where it does not tell.</summary>
    public string? Name { get; init; }

    /// <summary>Who sent the pending invitation, as the vendor tells; null where it does not.</summary>
    public string? InvitedBy { get; init; }

    /// <summary>What the person is who is not managed, such as <c>a machine account</c>; null for others.</summary>
    public string? WhyNotManaged { get; init; }

    /// <summary>The address at the vendor; empty where it has none.</summary>
    public string Account { get; init; } = "";

    /// <summary>The access of the person, or of the invitation; for an absent person, the declared access.</summary>
    public Access Access { get; init; } = Access.None;

    /// <summary>Whether the access includes administration of the project.</summary>
    public bool Admin { get; init; }

    /// <summary>Whether Reconciler granted the access, or found it as declared.</summary>
    public bool Owned { get; init; }

    /// <summary>
    /// The time when Reconciler granted access, according to the audit trail; null where it has no record.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time when Reconciler last changed the access; null where it never did.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>
    /// The digest of the plan that granted the current access; empty where the audit trail has no record.
    /// </summary>
    public string Plan { get; init; } = "";

    /// <summary>The end of the declaration; null where it has none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The reason that the manifest entries state; null where they state none.</summary>
    public string? Reason { get; init; }

    /// <summary>The places of the manifest entries.</summary>
    public ImmutableArray<string> Declared { get; init; } = [];

    /// <summary>The time when the invitation was made; null where none is pending.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>The time when Reconciler last sent a mail; null where it sent none.</summary>
    public DateTimeOffset? LastMailAt { get; init; }

    /// <summary>The time from which the next reminder is scheduled; null where none is.</summary>
    public DateTimeOffset? CountingFrom { get; init; }

    /// <summary>The number of mails after the first one.</summary>
    public int Resends { get; init; }

    /// <summary>How long the invitation has been pending; null where none is.</summary>
    public TimeSpan? Waits { get; init; }

    /// <summary>The action of the next apply, such as <c>remove</c>; empty for none.</summary>
    public string Change { get; init; } = "";

    /// <summary>Whether a limit or a dry run holds that action.</summary>
    public bool Held { get; init; }

    /// <summary>The findings about the person.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];
}
