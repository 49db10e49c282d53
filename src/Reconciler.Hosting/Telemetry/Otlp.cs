using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Reconciler.Hosting.Telemetry;

/// <summary>How a collector is spoken to.</summary>
public enum OtlpProtocol
{
    /// <summary>Protobuf in plain POSTs; by custom on port 4318.</summary>
    HttpProtobuf,

    /// <summary>gRPC; by custom on port 4317.</summary>
    Grpc,
}

/// <summary>
/// Where metrics and traces are sent. What is not said here, the variables <c>OTEL_…</c> of OpenTelemetry may say.
/// </summary>
/// <param name="Endpoint">The collector, without the paths of its signals.</param>
public sealed record OtlpSettings(Uri Endpoint)
{
    /// <summary>How it is spoken to.</summary>
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.HttpProtobuf;

    /// <summary>
    /// Headers such as <c>authorization=Bearer …</c>, parted by commas; null for those of the environment.
    /// </summary>
    internal string? Headers { get; init; }

    /// <summary>How often metrics are sent.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the collector may take to answer.</summary>
    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether metrics are sent.</summary>
    internal bool Metrics { get; init; } = true;

    /// <summary>Whether traces are sent.</summary>
    internal bool Traces { get; init; } = true;
}

/// <summary>
/// Sends metrics and traces to a collector until it is disposed, which sends the rest. A collector that does not answer
/// delays nothing else.
/// </summary>
public sealed class Otlp : IDisposable
{
    private const int FarewellMilliseconds = 3_000;

    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _tracers;

    private Otlp(MeterProvider? meters, TracerProvider? tracers) => (_meters, _tracers) = (meters, tracers);

    /// <summary>
    /// Starts to send; null where no collector is configured. Metrics are whole only if it is called before the first
    /// of them is counted.
    /// </summary>
    /// <param name="settings">Where to; null for nowhere.</param>
    public static Otlp? Start(OtlpSettings? settings)
    {
        if (settings is null || !(settings.Metrics || settings.Traces))
            return null;
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService("reconciler", serviceVersion: typeof(Otlp).Assembly.GetName().Version?.ToString(3));
        var meters = !settings.Metrics
            ? null
            : Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(ReconcilerMetrics.MeterName)
                .AddOtlpExporter(
                    (exporter, reader) =>
                    {
                        Set(exporter, settings, "v1/metrics");
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)
                            settings.Interval.TotalMilliseconds;
                        reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = (int)
                            settings.Timeout.TotalMilliseconds;
                    }
                )
                .Build();
        var tracers = !settings.Traces
            ? null
            : Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(ReconcilerTracing.SourceName)
                .AddOtlpExporter(exporter => Set(exporter, settings, "v1/traces"))
                .Build();
        return new(meters, tracers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracers?.Shutdown(FarewellMilliseconds);
        _meters?.Shutdown(FarewellMilliseconds);
        _tracers?.Dispose();
        _meters?.Dispose();
    }

    // An endpoint set in code is taken as it is: over HTTP the path of the signal belongs to it.
    private static void Set(OtlpExporterOptions exporter, OtlpSettings settings, string path)
    {
        var isGrpc = settings.Protocol == OtlpProtocol.Grpc;
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc
            ? settings.Endpoint
            : new(new(settings.Endpoint.AbsoluteUri.TrimEnd('/') + "/"), path);
        exporter.TimeoutMilliseconds = (int)settings.Timeout.TotalMilliseconds;
        if (settings.Headers is { } headers)
            exporter.Headers = headers;
    }
}
