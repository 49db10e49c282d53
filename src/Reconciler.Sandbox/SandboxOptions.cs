using Reconciler.Sandbox.Described;
using Reconciler.Sandbox.Seeds;

namespace Reconciler.Sandbox;

/// <summary>Configures a sandbox.</summary>
public sealed record SandboxOptions
{
    /// <summary>The initial connections and projects.</summary>
    public required SandboxSeed Seed { get; init; }

    /// <summary>The vendors that definitions describe.</summary>
    public ImitatedVendors Described { get; init; } = ImitatedVendors.None;

    /// <summary>The port on 127.0.0.1; 0 for any free port.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The clock of the vendors, for <c>created_at</c> and <c>date_joined</c>. Delays always take real time.
    /// </summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The maximum number of requests in the log. The oldest are dropped first; counts stay exact.</summary>
    public int KeptRequests { get; init; } = 100_000;

    /// <summary>
    /// Called twice for each request to a connection, except for control calls. It may delay the request, so that a
    /// test can stop a client at a known point. The token is cancelled when the sandbox stops.
    /// </summary>
    public Func<SandboxMoment, CancellationToken, Task>? OnRequest { get; init; }
}
