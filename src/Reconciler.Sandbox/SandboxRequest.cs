namespace Reconciler.Sandbox;

/// <summary>A request that a connection received.</summary>
/// <param name="At">The time of the answer, by the sandbox's clock.</param>
/// <param name="Connection">The name of the connection.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path and query, as sent by the client.</param>
/// <param name="Status">
/// The status of the answer; 0 where the request was dropped without being handled. A lost response keeps its status.
/// </param>
/// <param name="Body">The body of the request; empty for none.</param>
public sealed record SandboxRequest(
    DateTimeOffset At,
    string Connection,
    string Method,
    string Target,
    int Status,
    string Body
)
{
    /// <summary>The client's id of the request (X-Request-Id); null for none.</summary>
    public string? RequestId { get; init; }
}

/// <summary>The number of requests to a connection with one method.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Count">The number of requests.</param>
public sealed record SandboxRequestCount(string Connection, string Method, long Count);

/// <summary>The progress of a request.</summary>
public enum SandboxPhase
{
    /// <summary>The request is complete and not handled yet.</summary>
    Arrived,

    /// <summary>The vendor has handled the request and not answered yet.</summary>
    Handled,
}

/// <summary>A point in the progress of a request.</summary>
/// <param name="Phase">The progress.</param>
/// <param name="Connection">The name of the connection.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path and query, as sent by the client.</param>
public sealed record SandboxMoment(SandboxPhase Phase, string Connection, string Method, string Target);
