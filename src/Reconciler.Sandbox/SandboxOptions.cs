using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>What a sandbox starts with.</summary>
public sealed record SandboxOptions
{
    /// <summary>The connections and their projects.</summary>
    public required SandboxSeed Seed { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The vendors' clock: <c>created_at</c>, <c>date_joined</c>. Delays always take real time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many requests the log keeps; the oldest are forgotten first, the counters stay exact.</summary>
    public int KeptRequests { get; init; } = 100_000;

    /// <summary>
    /// Is called twice a request of a connection, and may let it wait: whoever stops a client there knows what the
    /// vendor did. The token ends the waiting once the sandbox stops. Calls of the controls do not count.
    /// </summary>
    public Func<SandboxMoment, CancellationToken, Task>? OnRequest { get; init; }
}
