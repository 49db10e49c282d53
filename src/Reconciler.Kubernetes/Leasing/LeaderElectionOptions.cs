using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>Which Lease decides, and in what time.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>The Lease.</summary>
    public required ObjectKey Lease { get; init; }

    /// <summary>Who this is; another for every run of every process, or two of them hold the same lease.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>How long the others wait after the last renewal that they saw. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader goes on without a renewal. What it begins shortly before has the time up to the lease's end.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait between two attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much longer, by chance, those wait who do not lead: 1.2 makes 2 s into 2 to 4.4 s.</summary>
    public double JitterFactor { get; init; } = 1.2;

    /// <summary>Chance.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Told of attempts that failed.</summary>
    public Action<Exception>? Failed { get; init; }

    internal static void Check(LeaderElectionOptions options)
    {
        if (options.LeaseDuration <= options.RenewDeadline)
            throw new ArgumentException(
                "the lease must last longer than its holder goes on without a renewal",
                nameof(options)
            );
        if (options.RenewDeadline <= options.RetryPeriod * options.JitterFactor)
            throw new ArgumentException("the holder must have the time for more than one attempt", nameof(options));
        if (options.RetryPeriod <= TimeSpan.Zero || options.JitterFactor < 0)
            throw new ArgumentException("the wait between two attempts must be positive", nameof(options));
        if (options.LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentException("a lease lasts whole seconds", nameof(options));
        if (string.IsNullOrEmpty(options.Identity))
            throw new ArgumentException("somebody without a name cannot hold a lease", nameof(options));
    }
}

/// <summary>
/// The lease was lost while its holder worked. What follows is to end the process: half of what it knows may be old.
/// </summary>
public sealed class LeadershipLostException : Exception
{
    /// <summary>Says whose lease was lost.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="inner">How the guarded work failed over it, if it did.</param>
    public LeadershipLostException(ObjectKey lease, Exception? inner = null)
        : base($"the lease {lease} was lost", inner) { }
}
