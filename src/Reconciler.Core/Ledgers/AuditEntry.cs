using Reconciler.Core.Membership;

namespace Reconciler.Core.Ledgers;

/// <summary>The outcome of an action.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was tried and failed.</summary>
    Failed,

    /// <summary>It was left to a human.</summary>
    Manual,

    /// <summary>Its first step was done: an invitation was revoked and the new one not sent.</summary>
    PartlyDone,

    /// <summary>It was sent, and its outcome could not be read; the next reconcile reads again.</summary>
    Unknown,

    /// <summary>It was sent before the process ended, and a later reading shows that it was done.</summary>
    SettledDone,

    /// <summary>It was intended before the process ended, and a later reading shows that it was not done.</summary>
    SettledNotDone,

    /// <summary>It came too late: the person had accepted before it arrived.</summary>
    Overtaken,
}

/// <summary>One line of the audit trail: who got or lost what, when, why, and by which plan.</summary>
/// <param name="At">The time.</param>
/// <param name="Project">The project.</param>
/// <param name="Document">The namespace and name of the document that declares it, or declared it.</param>
/// <param name="Action">What was done, such as <c>invite</c>, <c>remove</c>, <c>approve</c>, <c>adopt</c>.</param>
/// <param name="Outcome">The outcome.</param>
public sealed record AuditEntry(
    DateTimeOffset At,
    ProjectKey Project,
    string Document,
    string Action,
    AuditOutcome Outcome
)
{
    /// <summary>The person, as shown; empty if the whole project is meant.</summary>
    public string Person { get; init; } = "";

    /// <summary>What the person gained, in words; empty for nothing.</summary>
    public string Added { get; init; } = "";

    /// <summary>What the person lost, in words; empty for nothing.</summary>
    public string Removed { get; init; } = "";

    /// <summary>The reason, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The places of the manifest entries that asked for it.</summary>
    public string Declared { get; init; } = "";

    /// <summary>The digest of the plan.</summary>
    public string Plan { get; init; } = "";

    /// <summary>
    /// The digest of the VendorDefinition under which it was written; empty for a vendor that a provider in code
    /// serves.
    /// </summary>
    public string Definition { get; init; } = "";

    /// <summary>What the vendor or Reconciler said about the outcome; empty for nothing.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether limits count it as a removal, once it is done.</summary>
    public bool CountsAsRemoval { get; init; }

    /// <summary>Who or what released the plan that a limit held, in words; empty if nothing was held.</summary>
    public string Approver { get; init; } = "";

    /// <summary>Who did it, where, and from which source.</summary>
    public AuditOrigin Origin { get; init; } = AuditOrigin.Unknown;
}
