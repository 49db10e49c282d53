using Reconciler.Kubernetes.Client;

namespace Reconciler.Kubernetes.Leasing;

/// <summary>Configures the Lease and the times of a leader election.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>The namespace and name of the Lease.</summary>
    public required ObjectKey Lease { get; init; }

    /// <summary>
    /// The identity of this candidate. It must be unique for every run of every process, or two of them could hold the
    /// same lease.
    /// </summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>How long the other candidates wait after the last renewal that they saw. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader continues without a renewal. A write that begins just before has until the end of the lease.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two attempts.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The maximum random factor that is added to the time between two attempts of a candidate: 1.2 turns 2 s into 2 to
    /// 4.4 s.
    /// </summary>
    public double JitterFactor { get; init; } = 1.2;

    /// <summary>The source of randomness.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Called for attempts that failed.</summary>
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
/// The lease was lost while its holder worked. The process should end, since its data may be out of date.
/// </summary>
public sealed class LeadershipLostException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="inner">The failure of the guarded work because of it; null for none.</param>
    public LeadershipLostException(ObjectKey lease, Exception? inner = null)
        : base($"the lease {lease} was lost", inner) { }
}
