using System.Collections.Immutable;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Engine.Planning;

namespace Reconciler.Hosts.Passes;

/// <summary>How passes stand, at one moment. Readers take it whole and never wait.</summary>
/// <param name="StartedAt">When the process started.</param>
internal record PassStatus(DateTimeOffset StartedAt)
{
    /// <summary>Every project that is asked for, ordered by provider and name.</summary>
    public ImmutableArray<ProjectStatus> Projects { get; init; } = [];

    /// <summary>Every provider of these, in order of their ids.</summary>
    public ImmutableArray<ProviderStatus> Providers { get; init; } = [];

    /// <summary>When the scheduler last looked for work; it does at least every 10 s, so that an old time means that it is stuck.</summary>
    public DateTimeOffset BeatAt { get; init; }

    /// <summary>Whether it is coming to its end.</summary>
    public bool IsStopping { get; init; }
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

    /// <summary>What the last plan comes to in numbers, also where the plan itself is not kept; null until there is one.</summary>
    public PlanTally? Tally
    {
        get => field ?? PlanTally.Of(Planned?.Plan);
        init;
    }

    /// <summary>Since when it is asked for; null where nobody noted it.</summary>
    public DateTimeOffset? KnownSince { get; init; }

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
