namespace Reconciler.Kubernetes.Queue;

/// <summary>Chance in intervals, so that what began together does not stay together.</summary>
public static class Jitter
{
    /// <summary>An interval, up to a tenth shorter or longer.</summary>
    /// <param name="interval">The interval.</param>
    /// <param name="random">Chance; null for the shared one.</param>
    public static TimeSpan Spread(TimeSpan interval, Random? random = null) =>
        interval * (0.9 + (0.2 * (random ?? Random.Shared).NextDouble()));
}
