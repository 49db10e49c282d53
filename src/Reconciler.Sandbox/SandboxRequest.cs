namespace Reconciler.Sandbox;

/// <summary>One request that a connection received.</summary>
/// <param name="At">When it was answered, by the sandbox's clock.</param>
/// <param name="Connection">The connection it was for.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query as the client wrote them.</param>
/// <param name="Status">
/// The status decided on; 0 where the request was dropped unhandled. A lost response keeps its real status.
/// </param>
/// <param name="Body">The request's body, empty where there was none.</param>
public sealed record SandboxRequest(
    DateTimeOffset At,
    string Connection,
    string Method,
    string Target,
    int Status,
    string Body
)
{
    /// <summary>What the client calls the request (X-Request-Id); null where it says nothing.</summary>
    public string? RequestId { get; init; }
}

/// <summary>How many requests a connection received with one method.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Count">How many.</param>
public sealed record SandboxRequestCount(string Connection, string Method, long Count);

/// <summary>How far a request has come.</summary>
public enum SandboxPhase
{
    /// <summary>It came whole, and nothing is done.</summary>
    Arrived,

    /// <summary>It is done, as far as the vendor does it, and nothing is answered.</summary>
    Handled,
}

/// <summary>A moment in the life of a request.</summary>
/// <param name="Phase">How far it has come.</param>
/// <param name="Connection">The connection it is for.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">Path and query as the client wrote them.</param>
public sealed record SandboxMoment(SandboxPhase Phase, string Connection, string Method, string Target);
