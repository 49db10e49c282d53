namespace Reconciler.Testing.State;

/// <summary>Threads for the proxies of this process.</summary>
internal static class SpareThreads
{
    private const int Enough = 64;

    /// <summary>
    /// Lets the pool start enough threads at once. A program that runs in this process blocks a thread while it waits
    /// for an answer, and a proxy needs a thread of the same pool to pass the answer on. By itself, the pool adds one
    /// thread in half a second, and a connection must be there within 5 s.
    /// </summary>
    public static void Ensure()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Enough), ports);
    }
}
