namespace Reconciler.Hosting.Web;

/// <summary>What callers of one listener may take up.</summary>
internal sealed record ListenerBounds
{
    /// <summary>The bounds of every listener, unless a test says otherwise.</summary>
    public static ListenerBounds Default { get; } = new();

    /// <summary>How many connections are open at a time; one more closes another.</summary>
    public int Connections { get; init; } = 100;

    /// <summary>From the first byte of a request to the end of its headers.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stay open without a request.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From the end of the headers until the caller has read the whole answer. Longer than the ten seconds that a git
    /// host waits for its answer.
    /// </summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(30);
}
