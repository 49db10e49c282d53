using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Reviews;

/// <summary>What somebody is in a project, at the vendor.</summary>
public enum ReviewState
{
    /// <summary>A member, who has accepted.</summary>
    Member,

    /// <summary>Invited, and has not answered.</summary>
    Invited,

    /// <summary>Neither, though a manifest declares the person.</summary>
    Absent,
}

/// <summary>What manifests say about somebody's access.</summary>
public enum ReviewStanding
{
    /// <summary>A manifest declares the person.</summary>
    Declared,

    /// <summary>No manifest does, and the access stays.</summary>
    Unmanaged,

    /// <summary>
    /// No manifest does any more, and the next apply takes the access away, unless something holds it.
    /// </summary>
    Leaving,

    /// <summary>Ignored, protected, or a machine account: nothing is decided about it.</summary>
    LeftAlone,
}

/// <summary>What became of a project while it was reviewed.</summary>
public enum ReviewReading
{
    /// <summary>It was read whole.</summary>
    Read,

    /// <summary>It could not be read: who has access is not known.</summary>
    Failed,

    /// <summary>Its document suspends it, so it was not read.</summary>
    Suspended,

    /// <summary>Its document is gone, so it was not read; whoever had access keeps it.</summary>
    Orphaned,

    /// <summary>Its document is gone and asks to revoke, but no connection leads to it any more.</summary>
    Stranded,
}

/// <summary>A project of a review.</summary>
/// <param name="Document">The document's namespace and name.</param>
/// <param name="Provider">The connection's namespace and name; empty where there is none any more.</param>
/// <param name="Vendor">The vendor's type.</param>
/// <param name="ProjectId">The vendor's id of it.</param>
/// <param name="Reading">Whether it was read.</param>
public sealed record ReviewProject(
    string Document,
    string Provider,
    string Vendor,
    string ProjectId,
    ReviewReading Reading
)
{
    /// <summary>The vendor's name of it; null where the API does not tell.</summary>
    public string? VendorName { get; init; }

    /// <summary>Why it was not read, in words; null where it was.</summary>
    public string? Message { get; init; }

    /// <summary>The connection without its namespace.</summary>
    public string ProviderName => Provider[(Provider.IndexOf('/', StringComparison.Ordinal) + 1)..];
}

/// <summary>One account, invitation or unanswered declaration in one project.</summary>
/// <param name="Project">The project.</param>
/// <param name="Person">The person, as declared, else as the vendor has them.</param>
/// <param name="State">What the vendor says.</param>
/// <param name="Standing">What manifests say.</param>
public sealed record ReviewRow(ReviewProject Project, string Person, ReviewState State, ReviewStanding Standing)
{
    /// <summary>What all mentions of the person share.</summary>
    public required string Key { get; init; }

    /// <summary>The address that the vendor has; empty where it has none.</summary>
    public string Account { get; init; } = "";

    /// <summary>What the person may do, or could after accepting; for somebody absent, what is declared.</summary>
    public Access Access { get; init; } = Access.None;

    /// <summary>Whether that administers the project.</summary>
    public bool Admin { get; init; }

    /// <summary>Whether Reconciler let the person in, or found them as declared.</summary>
    public bool Owned { get; init; }

    /// <summary>When Reconciler let the person in, by the audit trail; null where it does not say.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When Reconciler changed the access last; null where it never did.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>
    /// The digest of the plan that gave the access as it is; empty where the audit trail does not say.
    /// </summary>
    public string Plan { get; init; } = "";

    /// <summary>When the declaration ends; null where it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why, as the entries state it; null where they do not.</summary>
    public string? Reason { get; init; }

    /// <summary>Where the entries stand.</summary>
    public ImmutableArray<string> Declared { get; init; } = [];

    /// <summary>When the invitation was made; null where none waits.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    /// <summary>When Reconciler sent its last mail; null where it sent none.</summary>
    public DateTimeOffset? LastMailAt { get; init; }

    /// <summary>From when its next reminder counts; null where none waits.</summary>
    public DateTimeOffset? CountingFrom { get; init; }

    /// <summary>How many mails were sent after the first.</summary>
    public int Resends { get; init; }

    /// <summary>How long the invitation waits; null where none does.</summary>
    public TimeSpan? Waits { get; init; }

    /// <summary>What the next apply would do, such as <c>remove</c>; empty for nothing.</summary>
    public string Change { get; init; } = "";

    /// <summary>Whether a limit or a dry run keeps that from being done.</summary>
    public bool Held { get; init; }

    /// <summary>What was noticed about the person.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];
}
