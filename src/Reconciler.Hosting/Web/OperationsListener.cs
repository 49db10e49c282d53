using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Telemetry;

namespace Reconciler.Hosting.Web;

/// <summary>The listener for machines that watch a worker or an operator.</summary>
/// <param name="Listen">Where it listens.</param>
public sealed record OperationsSettings(IPEndPoint Listen);

/// <summary>Health, readiness and metrics: nothing personal, so that no token guards them.</summary>
public sealed class OperationsListener : IAsyncDisposable
{
    private readonly Func<HttpAnswer> _live;
    private readonly Func<HttpAnswer> _ready;
    private readonly ReconcilerMetrics _metrics;
    private readonly KestrelListener _listener;

    /// <summary>Makes one that listens once it is started.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="live">Whether the process lives.</param>
    /// <param name="ready">Whether it does its work.</param>
    /// <param name="metrics">What it shows.</param>
    /// <param name="logs">Where failures are logged; null for nowhere.</param>
    public OperationsListener(
        OperationsSettings settings,
        Func<HttpAnswer> live,
        Func<HttpAnswer> ready,
        ReconcilerMetrics metrics,
        ILoggerFactory? logs = null
    )
    {
        (_live, _ready, _metrics) = (live, ready, metrics);
        _listener = new(settings.Listen, longestBody: 0, context => HttpAnswer.ReadAsync(context, Answer), logs);
    }

    /// <summary>Where it listens; empty until it is started.</summary>
    public string Url => _listener.Url;

    /// <summary>Begins to listen.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => _listener.StartAsync(cancellation);

    /// <summary>Stops.</summary>
    public Task StopAsync() => _listener.StopAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private HttpAnswer Answer(HttpRequest request) =>
        request.Path.Value switch
        {
            ProbePaths.Live => _live(),
            ProbePaths.Ready => _ready(),
            "/metrics" => new(StatusCodes.Status200OK, PrometheusText.ContentType, _metrics.ToPrometheusText()),
            _ => HttpAnswer.NotFound,
        };
}
