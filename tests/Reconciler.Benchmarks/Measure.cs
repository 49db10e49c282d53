using System.Diagnostics;
using System.Globalization;

namespace Reconciler.Benchmarks;

/// <summary>
/// What a piece of work costs: CPU time of the process, allocated bytes, time on the wall; the median of several runs.
/// </summary>
internal sealed record Cost(TimeSpan Cpu, TimeSpan Wall, long Allocated)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Cpu.TotalMilliseconds, 9:0.0} ms CPU {Wall.TotalMilliseconds, 9:0.0} ms wall "
                + $"{Allocated / 1024.0 / 1024.0, 8:0.0} MiB allocated"
        );
}

internal static class Measure
{
    /// <summary>Runs work several times after warming up, and gives the median by CPU time.</summary>
    public static async Task<Cost> MedianAsync(int runs, Func<Task> work)
    {
        // Long enough that the code is compiled for good and the compiler's own threads are quiet.
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2))
            await work();
        var costs = new List<Cost>();
        for (var i = 0; i < runs; i++)
            costs.Add(await OnceAsync(work));
        return costs.OrderBy(c => c.Cpu).ElementAt(runs / 2);
    }

    public static Task<Cost> MedianAsync(int runs, Action work) =>
        MedianAsync(
            runs,
            () =>
            {
                work();
                return Task.CompletedTask;
            }
        );

    public static async Task<Cost> OnceAsync(Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var (cpu, wall, allocated) = (
            process.TotalProcessorTime,
            Stopwatch.GetTimestamp(),
            GC.GetTotalAllocatedBytes(precise: true)
        );
        await work();
        var elapsed = Stopwatch.GetElapsedTime(wall);
        process.Refresh();
        return new(process.TotalProcessorTime - cpu, elapsed, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    public static void Machine()
    {
        Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} processors, {GCSettingsText()}");

        static string GCSettingsText() => System.Runtime.GCSettings.IsServerGC ? "server GC" : "workstation GC";
    }
}
