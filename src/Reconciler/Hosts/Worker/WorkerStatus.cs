using System.Collections.Immutable;
using Reconciler.Core.Manifests;
using Reconciler.Engine.Planning;
using Reconciler.Hosts.Passes;

namespace Reconciler.Hosts.Worker;

/// <summary>How a worker stands, at one moment: its passes, and where its manifests come from.</summary>
internal sealed record WorkerStatus(DateTimeOffset StartedAt, SourceStatus Source) : PassStatus(StartedAt)
{
    /// <summary>What became of the Approvals of the runner.</summary>
    public ImmutableArray<ApprovalUse> Approvals { get; init; } = [];
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
