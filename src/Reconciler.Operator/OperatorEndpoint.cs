using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;
using Reconciler.Operator.Queue;
using Reconciler.Operator.Vendors;
using Reconciler.Operator.Watching;

namespace Reconciler.Operator;

/// <summary>Serves health, readiness and metrics of an operator, where the settings name an address.</summary>
internal sealed class OperatorEndpoint : IHostedService, IAsyncDisposable
{
    private readonly StatusSnapshotBuilder _snapshots;
    private readonly ChangeQueue _changes;
    private readonly ClusterFollower _follower;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OperationsListener? _listener;

    /// <summary>Makes it; it listens once it is started.</summary>
    /// <param name="settings">Where it listens.</param>
    /// <param name="snapshots">How everything stands.</param>
    /// <param name="changes">Whether this replica leads.</param>
    /// <param name="follower">Whether every kind can be watched.</param>
    /// <param name="leadership">Whether this replica holds the Lease.</param>
    /// <param name="metrics">What it shows.</param>
    /// <param name="vendors">The VendorDefinitions that are counted.</param>
    /// <param name="rules">The vendors of the program.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Where the address is logged.</param>
    /// <param name="loggers">Where failures of the listener are logged.</param>
    public OperatorEndpoint(
        OperatorSettings settings,
        StatusSnapshotBuilder snapshots,
        ChangeQueue changes,
        ClusterFollower follower,
        Leadership leadership,
        OperatorMetrics metrics,
        ClusterVendors vendors,
        OperatorRules rules,
        TimeProvider clock,
        ILogger logger,
        ILoggerFactory loggers
    )
    {
        (_snapshots, _changes, _follower) = (snapshots, changes, follower);
        (_clock, _logger) = (clock, logger);
        metrics.Observe(snapshots, changes, leadership);
        metrics.Observe(vendors, rules);
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
        _changes.IsOpen
            ? Liveness.Of(_snapshots.Status, _clock.GetUtcNow())
            : HttpAnswer.Text(StatusCodes.Status200OK, "ok");

    private HttpAnswer Ready()
    {
        var frozen = _follower.Frozen.Select(k => $"- {k.Plural} cannot be followed").ToList();
        if (frozen.Count > 0)
            return HttpAnswer.Text(
                StatusCodes.Status503ServiceUnavailable,
                string.Join('\n', frozen.Prepend("not ready"))
            );
        // A first reconcile of many projects at a slow vendor may take long, so it does not make the replica unready.
        var hanging = _changes.IsOpen ? Liveness.Hanging(_snapshots.Status, _clock.GetUtcNow()) : null;
        return HttpAnswer.Text(
            StatusCodes.Status200OK,
            $"ready\n{(_changes.IsOpen ? "leads" : "follows")}{(hanging is null ? "" : $"\n{hanging}")}"
        );
    }
}
