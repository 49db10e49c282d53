using System.Collections.Immutable;
using Reconciler.Core.Actions;
using Reconciler.Core.Explaining;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Membership;
using Reconciler.Core.Offboarding;
using Reconciler.Engine.Reviews;

namespace Reconciler.Engine.Explaining;

/// <summary>
/// Why a person has access to each project: who declared it, since when, until when, and what is next.
/// </summary>
/// <param name="Subject">The person.</param>
/// <param name="At">The time of the run.</param>
/// <param name="Accesses">The person's accounts, invitations and declarations, by provider and project.</param>
public sealed record Explanation(OffboardingNames Subject, DateTimeOffset At, ImmutableArray<ExplainedAccess> Accesses)
{
    /// <summary>Whether the vendors were not asked.</summary>
    public bool IsOffline { get; init; }

    /// <summary>How many projects were looked at.</summary>
    public int LookedAt { get; init; }

    /// <summary>Whether an audit trail was available, for the dates of grants.</summary>
    public bool HasHistory { get; init; }

    /// <summary>The projects that were not read. The person's access there is unknown.</summary>
    public ImmutableArray<ReviewProject> NotRead { get; init; } = [];

    /// <summary>The manifest lines that name the person and give no access.</summary>
    public ImmutableArray<ManifestReference> Mentions { get; init; } = [];

    /// <summary>The last removal in the audit trail; null if there is none.</summary>
    public AuditEntry? Removed { get; init; }

    /// <summary>Similar addresses, if the person was found nowhere.</summary>
    public ImmutableArray<string> Similar { get; init; } = [];

    /// <summary>Whether the person was found anywhere. If not, the address may be misspelled.</summary>
    public bool IsFound => !Accesses.IsEmpty || !Mentions.IsEmpty || Removed is not null;

    /// <summary>Whether every project was read.</summary>
    public bool IsWhole => NotRead.All(p => p.Reading == ReviewReading.Suspended);
}

/// <summary>A person's access in one project, and why.</summary>
/// <param name="Row">The state, the dates and the reasons, as in an access review.</param>
/// <param name="Paths">The ways by which the manifests give the access; empty if none does.</param>
public sealed record ExplainedAccess(ReviewRow Row, ImmutableArray<AccessPath> Paths)
{
    /// <summary>What the next apply does about it.</summary>
    public ImmutableArray<ExplainedAction> Next { get; init; } = [];

    /// <summary>What the roles or groups permit, as far as the vendor tells.</summary>
    public ImmutableArray<GrantMeaning> Meanings { get; init; } = [];

    /// <summary>What the state remembers; null if it has no record.</summary>
    public PersonRecord? Record { get; init; }

    /// <summary>What happens in the project to people whom no manifest declares.</summary>
    public string Prune { get; init; } = "";
}

/// <summary>One action of the next apply.</summary>
/// <param name="Action">The action.</param>
/// <param name="HeldBy">The limits that hold it, in words; empty if it is applied.</param>
public sealed record ExplainedAction(PlannedAction Action, ImmutableArray<string> HeldBy);
