using System.Diagnostics.Metrics;
using Reconciler.Core.Ports;
using Reconciler.Hosting.Telemetry;
using static Reconciler.Hosting.Telemetry.ReconcilerMetrics;

namespace Reconciler.Worker.Web;

/// <summary>How a worker's source and its state file stand in numbers, measured whenever somebody looks.</summary>
internal static class WorkerGauges
{
    /// <summary>Adds them to the metrics.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="status">How the worker stands.</param>
    public static void Observe(ReconcilerMetrics metrics, Func<WorkerStatus> status)
    {
        metrics.Observe(
            MetricCatalog.SourceRevision,
            () => status().Source.Revision is { } revision ? [new(1, Label("revision", revision))] : []
        );
        metrics.Observe(
            MetricCatalog.SourceLastSuccess,
            () =>
                status().Source.FetchedAt is { } at
                    ? [new Measurement<double>(at.ToUnixTimeMilliseconds() / 1000.0)]
                    : []
        );
        metrics.Observe(MetricCatalog.SourceFailing, () => [Flag(status().Source.FailingSince is not null)]);
        metrics.Observe(MetricCatalog.StateLost, () => [Flag(status().StateTrouble is not null)]);
        metrics.Observe(MetricCatalog.AccountRight, () => Rights(status()));
    }

    private static IEnumerable<Measurement<double>> Rights(WorkerStatus status) =>
        status.Rights is null
            ? []
            : status.Providers.Select(p => new Measurement<double>(
                status.RightOf(p.Provider)?.Use == RightUse.Own ? 1 : 0,
                Label("provider", p.Provider.Id)
            ));

    private static Measurement<double> Flag(bool isSo) => new(isSo ? 1 : 0);
}
