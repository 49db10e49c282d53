using System.Text.RegularExpressions;
using Reconciler.Core.Manifests.Shapes;

namespace Reconciler.Hosts.Worker;

/// <summary>What a worker tells the world about.</summary>
public enum WorkerEventKind
{
    /// <summary>A guardrail holds a plan: somebody must look and approve it, or mend the manifests.</summary>
    Held,

    /// <summary>A project's passes fail.</summary>
    Failing,

    /// <summary>A project that failed, or was held, is well again.</summary>
    Recovered,

    /// <summary>Somebody never accepted, and the invitation was given up.</summary>
    [Word("gave-up")]
    GaveUp,

    /// <summary>The source cannot be had, or its newest revision is broken.</summary>
    [Word("source-failing")]
    SourceFailing,

    /// <summary>The source is well again.</summary>
    [Word("source-recovered")]
    SourceRecovered,
}

/// <summary>Something that happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Subject">Whom it is about: a project's document, or the source's address without credentials.</param>
/// <param name="Message">In a sentence; it may hold addresses of people, and text that others wrote.</param>
/// <param name="At">When.</param>
internal sealed partial record WorkerEvent(WorkerEventKind Kind, string Subject, string Message, DateTimeOffset At)
{
    /// <summary>The digest of the hold; null for other events.</summary>
    public string? Digest { get; init; }

    /// <summary>The provider's namespace and name; null for events of the source.</summary>
    public string? Provider { get; init; }

    /// <summary>What makes two events the same news, so that it is told once.</summary>
    public string News =>
        Kind switch
        {
            // A vendor's error names its request, and each pass has another.
            WorkerEventKind.Failing => $"{Kind} {Subject}",
            WorkerEventKind.SourceFailing => $"{Kind} {Subject} {Changing().Replace(Message, "")}",
            _ => $"{Kind} {Subject} {Digest ?? Message}",
        };

    // What tells one try from the next and nothing about the trouble: how long it took, which of a host's addresses was asked, ids of requests.
    [GeneratedRegex(
        @"\b([0-9]+(\.[0-9]+)? ?(ms|s|milliseconds|seconds)|[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]+)?|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\b",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Changing();
}

/// <summary>Hears what happens; it never waits and never throws.</summary>
internal interface IWorkerEvents
{
    /// <summary>Something happened.</summary>
    void Happened(WorkerEvent happened);
}
