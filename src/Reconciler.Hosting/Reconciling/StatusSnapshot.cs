using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Hosting.Reconciling;

/// <summary>
/// The state of every project and provider at one moment. It is immutable, so that pages and metrics read it without a
/// lock.
/// </summary>
/// <param name="StartedAt">When the process started.</param>
public record StatusSnapshot(DateTimeOffset StartedAt)
{
    /// <summary>Every desired project, ordered by provider and name.</summary>
    public ImmutableArray<ProjectStatus> Projects { get; init; } = [];

    /// <summary>Every provider of these, in order of their ids.</summary>
    public ImmutableArray<ProviderStatus> Providers { get; init; } = [];

    /// <summary>
    /// When the loop last took a turn; it does at least every 10 s, so that an old time means that it is stuck.
    /// </summary>
    public DateTimeOffset BeatAt { get; init; }

    /// <summary>Whether the process is stopping.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>The state of a project after its last reconcile.</summary>
public enum ProjectState
{
    /// <summary>It was not reconciled yet.</summary>
    New,

    /// <summary>The vendor has what the manifests ask for.</summary>
    Converged,

    /// <summary>Planned changes are left: it is a dry run, or the next reconcile continues.</summary>
    Drifted,

    /// <summary>A guardrail holds the plan, or a part of it.</summary>
    Held,

    /// <summary>The last reconcile failed, or some of its actions did.</summary>
    Failing,

    /// <summary>Its document suspends it.</summary>
    Suspended,

    /// <summary>Another worker reconciles it, and knows how it stands.</summary>
    Elsewhere,
}

/// <summary>What is known of one project.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="State">Its state.</param>
public sealed record ProjectStatus(DesiredProject Project, ProjectState State)
{
    /// <summary>The last plan without the actions that were applied; null until there is one.</summary>
    public PlannedProject? Planned { get; init; }

    /// <summary>
    /// The numbers of the last plan, also where the plan itself is not kept; null until there is one.
    /// </summary>
    internal PlanTally? Tally
    {
        get => field ?? PlanTally.Of(Planned?.Plan);
        init;
    }

    /// <summary>Since when it is desired; null where that is not known.</summary>
    public DateTimeOffset? KnownSince { get; init; }

    /// <summary>The outcomes of the last plan's actions; null where none were due.</summary>
    public ProjectResult? Result { get; init; }

    /// <summary>When the last reconcile ended.</summary>
    public DateTimeOffset? PassedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>The id of the last reconcile, as in the logs.</summary>
    public string? PassId { get; init; }

    /// <summary>
    /// Since when limits hold exactly what they hold now, as far as this process has seen; null where nothing is held,
    /// and where plans are not kept.
    /// </summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>The revision of the manifests that was first held; null where <see cref="HeldSince"/> is.</summary>
    public string? HeldRevision { get; init; }

    /// <summary>The revision with which the reconcile under way began; null where none is.</summary>
    internal string? RunningRevision { get; init; }

    /// <summary>When the next reconcile is due.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many reconciles in a row failed.</summary>
    public int Failures { get; init; }

    /// <summary>Why the last reconcile failed; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether a reconcile is under way.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Since when one is under way; null where none is.</summary>
    public DateTimeOffset? RunningSince { get; init; }
}

/// <summary>What is known of one provider.</summary>
/// <param name="Provider">The provider as declared.</param>
public sealed record ProviderStatus(DesiredProvider Provider)
{
    /// <summary>When a project of it was last read.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Why the last read failed; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the provider answered the last read; null until there was one.</summary>
    public bool? IsReachable { get; init; }
}
