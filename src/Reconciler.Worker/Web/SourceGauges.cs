using System.Diagnostics.Metrics;
using Reconciler.Hosting.Telemetry;
using static Reconciler.Hosting.Telemetry.ReconcilerMetrics;

namespace Reconciler.Worker.Web;

/// <summary>How a worker's source stands in numbers, measured whenever somebody looks.</summary>
internal static class SourceGauges
{
    /// <summary>Adds them to the metrics.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="source">How the source stands.</param>
    public static void Observe(ReconcilerMetrics metrics, Func<SourceStatus> source)
    {
        metrics.Observe(
            MetricCatalog.SourceRevision,
            () => source().Revision is { } revision ? [new(1, Label("revision", revision))] : []
        );
        metrics.Observe(
            MetricCatalog.SourceLastSuccess,
            () => source().FetchedAt is { } at ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1000.0)] : []
        );
        metrics.Observe(
            MetricCatalog.SourceFailing,
            () => [new Measurement<double>(source().FailingSince is null ? 0 : 1)]
        );
    }
}
