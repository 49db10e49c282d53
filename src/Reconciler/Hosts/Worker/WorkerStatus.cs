using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Core.Membership;
using Reconciler.Engine;

namespace Reconciler.Hosts.Worker;

/// <summary>How things stand, at one moment. Readers take it whole and never wait.</summary>
internal sealed record WorkerStatus(DateTimeOffset StartedAt, SourceStatus Source)
{
    /// <summary>Every project of the revision in force, ordered by provider and name; empty until one is.</summary>
    public ImmutableArray<ProjectStatus> Projects { get; init; } = [];

    /// <summary>Every provider of the revision in force, in order of their ids.</summary>
    public ImmutableArray<ProviderStatus> Providers { get; init; } = [];

    /// <summary>When the scheduler last looked for work; it does at least every 10 s, so that an old time means that it is stuck.</summary>
    public DateTimeOffset BeatAt { get; init; }

    /// <summary>Whether it is coming to its end.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>How the source of the manifests stands.</summary>
/// <param name="Origin">Where it is; no credentials.</param>
internal sealed record SourceStatus(string Origin)
{
    /// <summary>The revision in force; null until one is.</summary>
    public string? Revision { get; init; }

    /// <summary>Since when it is in force.</summary>
    public DateTimeOffset? InForceSince { get; init; }

    /// <summary>When the source was last asked with success, whatever the revision holds.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Why the source cannot be had now; null where it can.</summary>
    public string? Failure { get; init; }

    /// <summary>Since when the source cannot be had, or holds a broken revision.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The newest revision, where it is broken and so not in force; null where it is in force.</summary>
    public string? BrokenRevision { get; init; }

    /// <summary>What is wrong with the broken revision, or worth a look in the one in force.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];
}

/// <summary>How a project stands.</summary>
internal enum ProjectState
{
    /// <summary>No pass has ended yet.</summary>
    New,

    /// <summary>The vendor has what the manifests ask for.</summary>
    Converged,

    /// <summary>Changes are planned and not all of them are made: a dry run, or the next pass goes on.</summary>
    Drifted,

    /// <summary>A guardrail holds the plan, or a part of it.</summary>
    Held,

    /// <summary>The last pass failed, or some of its actions did.</summary>
    Failing,

    /// <summary>The document says so.</summary>
    Suspended,
}

/// <summary>How a project stands.</summary>
/// <param name="Project">The project as declared.</param>
/// <param name="State">In a word.</param>
internal sealed record ProjectStatus(DesiredProject Project, ProjectState State)
{
    /// <summary>The last plan, as it stands after what was applied of it; null until there is one.</summary>
    public PlannedProject? Planned { get; init; }

    /// <summary>What became of the last plan's actions; null where none were due.</summary>
    public ProjectResult? Result { get; init; }

    /// <summary>When the last pass ended.</summary>
    public DateTimeOffset? PassedAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>The correlation id of the last pass, as in the logs.</summary>
    public string? PassId { get; init; }

    /// <summary>When the next pass is due.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many passes running failed.</summary>
    public int Failures { get; init; }

    /// <summary>Why the last pass failed; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether a pass is under way.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Since when it is; null where none is.</summary>
    public DateTimeOffset? RunningSince { get; init; }
}

/// <summary>How a provider stands.</summary>
/// <param name="Provider">The provider as declared.</param>
internal sealed record ProviderStatus(DesiredProvider Provider)
{
    /// <summary>When a project of it was last read.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Why the last read failed; null where it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the last read was answered; null until there was one.</summary>
    public bool? IsReachable { get; init; }
}
