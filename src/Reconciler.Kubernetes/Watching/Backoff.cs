namespace Reconciler.Kubernetes.Watching;

/// <summary>Configures how waits grow after failures.</summary>
public sealed record BackoffOptions
{
    /// <summary>The length of the first wait.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>The factor between one wait and the next.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The maximum wait, before jitter.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum share that jitter adds, so that clients that lost the same server do not return at the same time.
    /// </summary>
    public double Jitter { get; init; } = 1;

    /// <summary>The time without failures after which the first wait is used again.</summary>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The source of randomness.</summary>
    public Random Random { get; init; } = Random.Shared;
}

/// <summary>Computes the waits after consecutive failures.</summary>
internal sealed class Backoff(BackoffOptions options, TimeProvider clock)
{
    private int _failures;
    private long _at;
    private TimeSpan _wait;

    /// <summary>The wait after a failure that just happened.</summary>
    public TimeSpan Next()
    {
        if (_failures > 0 && clock.GetElapsedTime(_at) - _wait >= options.ResetAfter)
            _failures = 0;
        var grown = options.First.TotalSeconds * Math.Pow(options.Factor, _failures);
        var wait = TimeSpan.FromSeconds(Math.Min(options.Most.TotalSeconds, grown));
        _failures++;
        (_at, _wait) = (clock.GetTimestamp(), wait * (1 + (options.Jitter * options.Random.NextDouble())));
        return _wait;
    }
}
