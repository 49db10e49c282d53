using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Web;

namespace Reconciler.Hosts.Operator;

/// <summary>Serves health, readiness and metrics of an operator, where the settings name an address.</summary>
internal sealed class OperatorEndpoint : IHostedService, IAsyncDisposable
{
    private readonly OperatorLoop _loop;
    private readonly ClusterFollower _follower;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OperationsListener? _listener;

    /// <summary>Makes it; it listens once it is started.</summary>
    /// <param name="settings">Where.</param>
    /// <param name="loop">The work.</param>
    /// <param name="follower">What the work goes by.</param>
    /// <param name="metrics">What is measured.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Where the address is told.</param>
    /// <param name="loggers">Where failures of the listener are told.</param>
    public OperatorEndpoint(
        OperatorSettings settings,
        OperatorLoop loop,
        ClusterFollower follower,
        OperatorMetrics metrics,
        TimeProvider clock,
        ILogger logger,
        ILoggerFactory loggers
    )
    {
        (_loop, _follower, _clock, _logger) = (loop, follower, clock, logger);
        if (settings.Listen is { } listen)
            _listener = new(new(listen), Live, Ready, metrics.Common, loggers);
    }

    /// <summary>Where it listens; empty until it is started.</summary>
    public string Url => _listener?.Url ?? "";

    /// <inheritdoc/>
    /// <exception cref="ListenerException">The address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_listener is null)
            return;
        await _listener.StartAsync(cancellationToken);
        ReconcileLog.Listens(_logger, _listener.Url, "operations");
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _listener?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private HttpAnswer Live() =>
        _loop.IsLeading
            ? Liveness.Of(_loop.Status, _clock.GetUtcNow())
            : HttpAnswer.Text(StatusCodes.Status200OK, "ok");

    private HttpAnswer Ready()
    {
        var frozen = _follower.Frozen.Select(k => $"- {k.Plural} cannot be followed").ToList();
        if (frozen.Count > 0)
            return HttpAnswer.Text(
                StatusCodes.Status503ServiceUnavailable,
                string.Join('\n', frozen.Prepend("not ready"))
            );
        // A first pass over many projects of a slow vendor may last long: it is told, and refuses nothing.
        var hanging = _loop.IsLeading ? Liveness.Hanging(_loop.Status, _clock.GetUtcNow()) : null;
        return HttpAnswer.Text(
            StatusCodes.Status200OK,
            $"ready\n{(_loop.IsLeading ? "leads" : "follows")}{(hanging is null ? "" : $"\n{hanging}")}"
        );
    }
}
