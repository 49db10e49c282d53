namespace Reconciler.Testing.State;

/// <summary>Threads for the proxies of this process.</summary>
internal static class SpareThreads
{
    private const int Enough = 64;

    /// <summary>
    /// Lets the pool start enough threads at once. Programs that run in this process block a thread each while they wait
    /// for an answer, which a proxy passes on by a thread of the same pool; the pool adds one in half a second by
    /// itself, and to connect may take 5 s.
    /// </summary>
    public static void Ensure()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Enough), ports);
    }
}
