namespace Reconciler.Kubernetes.Watching;

/// <summary>How waits grow.</summary>
public sealed record BackoffOptions
{
    /// <summary>The first wait.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>What each is longer by than the one before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The longest, before chance adds to it.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest share that chance adds, so that many who lost one server do not come back as one.</summary>
    public double Jitter { get; init; } = 1;

    /// <summary>After how long without a failure the first wait is the next again.</summary>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Chance.</summary>
    public Random Random { get; init; } = Random.Shared;
}

/// <summary>The waits after failures in a row.</summary>
internal sealed class Backoff(BackoffOptions options, TimeProvider clock)
{
    private int _failures;
    private long _at;
    private TimeSpan _wait;

    /// <summary>How long to wait after the failure that has just happened.</summary>
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
