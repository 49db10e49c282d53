using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Reconciler.Benchmarks;

/// <summary>What a process cost from start to end: time on the wall, CPU time (user and system), peak memory.</summary>
internal sealed record ChildCost(TimeSpan Wall, TimeSpan Cpu, long PeakKibibytes)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Wall.TotalSeconds, 6:0.00} s wall {Cpu.TotalSeconds, 6:0.00} s CPU {PeakKibibytes / 1024, 5} MiB"
        );
}

/// <summary>Runs a program in a process of its own and measures it. Linux only.</summary>
internal static partial class ChildRun
{
    private const int Children = -1;

    /// <summary>The median of several runs by time on the wall.</summary>
    public static async Task<ChildCost> MedianAsync(int runs, Func<Task<ChildCost>> run)
    {
        var costs = new List<ChildCost>();
        for (var i = 0; i < runs; i++)
            costs.Add(await run());
        return costs.OrderBy(c => c.Wall).ElementAt(runs / 2);
    }

    /// <summary>Runs it once; nothing else may be started meanwhile.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<ChildCost> OnceAsync(string program, IEnumerable<string> words, string folder)
    {
        var before = CpuOfChildren();
        var clock = Stopwatch.GetTimestamp();
        using var process = Process.Start(Start(program, words, folder))!;
        var said = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        var ended = process.WaitForExitAsync();
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, MemoryOf(process.Id, "VmHWM:"));
            await Task.WhenAny(ended, Task.Delay(5));
        }

        var wall = Stopwatch.GetElapsedTime(clock);
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', words)}: exit {process.ExitCode}\n{await said.Item1}{await said.Item2}"
            );
        return new(wall, CpuOfChildren() - before, peak);
    }

    /// <summary>How a program is started: its output is read, and it knows the token.</summary>
    public static ProcessStartInfo Start(string program, IEnumerable<string> words, string folder) =>
        new(program, words)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["RECONCILER_BENCHMARK_TOKEN"] = "token" },
        };

    /// <summary>A figure of a process's memory in KiB, such as <c>VmRSS:</c>; 0 if the process ended.</summary>
    public static long MemoryOf(int process, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static TimeSpan CpuOfChildren()
    {
        _ = ResourceUsage(Children, out var usage);
        return Of(usage.UserSeconds, usage.UserMicroseconds) + Of(usage.SystemSeconds, usage.SystemMicroseconds);

        static TimeSpan Of(long seconds, long microseconds) =>
            TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ResourceUsage(int who, out Usage usage);

    // The first fields of struct rusage, and room for the rest.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
