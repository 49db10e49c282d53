using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Engine.Planning;
using Reconciler.Hosting.Reconciling;

namespace Reconciler.Worker;

/// <summary>The state of a worker at one moment: its projects, and the source of its manifests.</summary>
/// <param name="StartedAt">When the process started.</param>
/// <param name="Source">The source.</param>
internal sealed record WorkerStatus(DateTimeOffset StartedAt, SourceStatus Source) : StatusSnapshot(StartedAt)
{
    /// <summary>What became of each approval of the runner.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];
}

/// <summary>The state of the source of the manifests.</summary>
/// <param name="Origin">Where it is; no credentials.</param>
internal sealed record SourceStatus(string Origin)
{
    /// <summary>The revision in force; null until one is.</summary>
    public string? Revision { get; init; }

    /// <summary>Since when it is in force.</summary>
    public DateTimeOffset? InForceSince { get; init; }

    /// <summary>When the source last answered, whatever the revision holds.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Why the source cannot be fetched now; null where it can.</summary>
    public string? Failure { get; init; }

    /// <summary>Since when the source cannot be fetched, or holds a broken revision.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The newest revision where it is broken and so not in force; null where it is in force.</summary>
    public string? BrokenRevision { get; init; }

    /// <summary>The problems of the broken revision, or the warnings of the one in force.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];
}
