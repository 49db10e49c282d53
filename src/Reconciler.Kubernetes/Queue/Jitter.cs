namespace Reconciler.Kubernetes.Queue;

/// <summary>Adds randomness to intervals, so that timers that started together drift apart.</summary>
public static class Jitter
{
    /// <summary>Makes an interval up to a tenth shorter or longer.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="random">The source of randomness; null for the shared one.</param>
    public static TimeSpan Spread(TimeSpan interval, Random? random = null) =>
        interval * (0.9 + (0.2 * (random ?? Random.Shared).NextDouble()));
}
