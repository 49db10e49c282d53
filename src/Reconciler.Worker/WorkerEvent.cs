using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Worker;

/// <summary>The kinds of events that a worker notifies of.</summary>
public enum WorkerEventKind
{
    /// <summary>A guardrail holds a plan: somebody must look and approve it, or correct the manifests.</summary>
    Held,

    /// <summary>A project's reconciles fail.</summary>
    Failing,

    /// <summary>A project that failed, or was held, is well again.</summary>
    Recovered,

    /// <summary>Somebody never accepted, and the invitation was given up.</summary>
    [Word("gave-up")]
    GaveUp,

    /// <summary>The source cannot be fetched, or its newest revision is broken.</summary>
    [Word("source-failing")]
    SourceFailing,

    /// <summary>The source is well again.</summary>
    [Word("source-recovered")]
    SourceRecovered,

    /// <summary>The state file was deleted, moved or replaced, and nothing is written until it is back.</summary>
    [Word("state-lost")]
    StateLost,

    /// <summary>The state file can be used again.</summary>
    [Word("state-recovered")]
    StateRecovered,
}

/// <summary>An event that a worker notifies of.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Subject">
/// A project's document, the source's address without credentials, or the path of the state file.
/// </param>
/// <param name="Message">In a sentence; it may hold addresses of people, and text that others wrote.</param>
/// <param name="At">When.</param>
public sealed partial record WorkerEvent(WorkerEventKind Kind, string Subject, string Message, DateTimeOffset At)
{
    /// <summary>The digest of the hold; null for other events.</summary>
    public string? Digest { get; init; }

    /// <summary>The provider's namespace and name; null for events of the source.</summary>
    public string? Provider { get; init; }

    /// <summary>The text that two events have in common where they say the same, so that it is sent once.</summary>
    internal string News =>
        Kind switch
        {
            // A vendor's error names its request, which differs each time.
            WorkerEventKind.Failing or WorkerEventKind.StateLost => $"{Kind} {Subject}",
            WorkerEventKind.SourceFailing => $"{Kind} {Subject} {Changing().Replace(Message, "")}",
            _ => $"{Kind} {Subject} {Digest ?? Message}",
        };

    // Durations, addresses of a host and ids of requests differ from try to try and say nothing about the cause.
    [GeneratedRegex(
        @"\b([0-9]+(\.[0-9]+)? ?(ms|s|milliseconds|seconds)|[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]+)?"
            + @"|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Changing();
}

/// <summary>Receives the events of a worker. An implementation neither waits nor throws.</summary>
public interface IWorkerEvents
{
    /// <summary>Takes an event.</summary>
    void Happened(WorkerEvent happened);
}
