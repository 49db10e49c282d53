using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Providers.Http;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>Counts, traces and logs what a worker does, and sends it to the collector that the settings name.</summary>
/// <param name="settings">Which collector; none where the section is absent.</param>
/// <param name="logger">Where requests are logged.</param>
/// <param name="text">Makes texts safe for the log.</param>
/// <param name="clock">The time.</param>
public sealed class WorkerTelemetry(WorkerSettings settings, ILogger logger, LogText text, TimeProvider clock)
    : IDisposable
{
    private Otlp? _collector;

    /// <summary>The metrics.</summary>
    internal ReconcilerMetrics Metrics { get; } = new();

    /// <summary>Begins to send to the collector; called before anything is counted.</summary>
    internal void Start() => _collector = Otlp.Start(OtlpOf(settings.Telemetry));

    /// <summary>Sends the rest.</summary>
    internal Task StopAsync() => Task.Run(() => _collector?.Dispose());

    /// <summary>Counts, traces and logs a request to a vendor.</summary>
    internal void RequestEnded(DesiredProvider provider, RequestSeen request)
    {
        Metrics.RequestEnded(provider.Id, provider.Vendor.Type, request);
        ReconcilerTracing.RequestEnded(provider.Id, provider.Vendor.Type, request, clock);
        ReconcileLog.Requested(logger, text, provider, request);
    }

    /// <summary>Counts the reconcile of a project and its actions.</summary>
    internal void ReconcileEnded(ProjectReconcile reconcile, TimeSpan took)
    {
        var provider = reconcile.Planned.Project.Provider.Id;
        Metrics.PassEnded(provider, reconcile.Outcome, took);
        foreach (var outcome in reconcile.Outcomes)
            Metrics.ActionEnded(provider, outcome.Action.Kind, outcome.Kind);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _collector?.Dispose();
        Metrics.Dispose();
    }

    private static OtlpSettings? OtlpOf(TelemetrySection? section) =>
        section is null
            ? null
            : new(new Uri(section.Endpoint))
            {
                Protocol = section.Protocol == TelemetryProtocol.Grpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf,
            };
}
