using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Reconciler.Hosting.Telemetry;

/// <summary>What the process uses, under the names that every dashboard knows.</summary>
internal static class ProcessMetrics
{
    private const string Handles = "/proc/self/fd";

    public static void Observe(ReconcilerMetrics metrics)
    {
        using var process = Process.GetCurrentProcess();
        var start = (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        var version = typeof(ProcessMetrics)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];
        metrics.Observe(
            MetricCatalog.BuildInfo,
            () =>
                [
                    new(
                        1,
                        ReconcilerMetrics.Label("version", version),
                        ReconcilerMetrics.Label("runtime", Environment.Version.ToString())
                    ),
                ]
        );
        metrics.Observe(MetricCatalog.ProcessStart, () => One(start));
        metrics.Observe(MetricCatalog.ProcessCpu, () => One(CpuSeconds()));
        metrics.Observe(MetricCatalog.ProcessMemory, () => One(Environment.WorkingSet));
        metrics.Observe(MetricCatalog.ProcessHandles, () => One(OpenHandles()));
    }

    private static Measurement<double>[] One(double value) => [new(value)];

    private static double CpuSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static int OpenHandles()
    {
        if (Directory.Exists(Handles))
            return Directory.EnumerateFileSystemEntries(Handles).Count();
        using var process = Process.GetCurrentProcess();
        return process.HandleCount;
    }
}
