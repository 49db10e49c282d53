using Microsoft.Extensions.Logging;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Telemetry;
using Reconciler.Hosting.Web;
using Reconciler.Worker.Notifications;
using Reconciler.Worker.Settings;
using Reconciler.Worker.Web;

namespace Reconciler.Worker;

/// <summary>Starts and stops what surrounds the loop of a worker: listeners, notifications and the collector.</summary>
internal sealed class WorkerEndpoints : IAsyncDisposable
{
    private readonly WorkerTelemetry _telemetry;
    private readonly Notifier _notifier;
    private readonly ILogger _logger;
    private readonly OperationsListener? _operations;
    private readonly WebhookListener? _webhook;
    private readonly StatusListener? _status;

    /// <summary>Makes the listeners that the settings name; they listen once they are started.</summary>
    /// <param name="settings">Where, and with which secrets.</param>
    /// <param name="files">Where relative paths of the settings start.</param>
    /// <param name="worker">What they show and wake.</param>
    /// <param name="store">The state file, whose loss is told.</param>
    /// <param name="telemetry">The metrics, and the collector.</param>
    /// <param name="notifier">Sends notifications.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Where the addresses are logged.</param>
    /// <param name="loggers">Where failures of listeners are logged.</param>
    public WorkerEndpoints(
        WorkerSettings settings,
        WorkerFiles files,
        IWorkerView worker,
        WatchedState store,
        WorkerTelemetry telemetry,
        Notifier notifier,
        TimeProvider clock,
        ILogger logger,
        ILoggerFactory loggers
    )
    {
        (_telemetry, _notifier, _logger) = (telemetry, notifier, logger);
        var metrics = telemetry.Metrics;
        ReconcileGauges.Observe(metrics, () => worker.Status, clock);
        WorkerGauges.Observe(metrics, () => worker.Status);
        if (ListenAddress.Parse(settings.Operations?.Listen ?? WorkerDefaults.Operations) is { } operations)
            _operations = new(
                new(operations),
                () => Liveness.Of(worker.Status, clock.GetUtcNow()),
                () => Readiness.Of(worker.Status, clock.GetUtcNow(), store.Trouble is not null),
                metrics,
                loggers
            );
        if (settings.Webhook is { } hook)
            _webhook = new(
                new(ListenAddress.Parse(hook.Listen)!, Full(hook.SecretFile))
                {
                    Path = hook.Path ?? WorkerDefaults.WebhookPath,
                },
                worker,
                metrics,
                clock,
                loggers
            );
        if (ListenAddress.Parse(settings.Status?.Listen ?? WorkerDefaults.Off) is { } status)
            _status = new(
                new(status) { TokenFile = settings.Status!.TokenFile is { } token ? Full(token) : null },
                worker,
                clock,
                loggers
            );

        string Full(string path) => Path.GetFullPath(path, Path.GetFullPath(files.Folder));
    }

    /// <summary>Where it listens, by what is served there; empty until it is started.</summary>
    public IReadOnlyDictionary<string, string> Urls =>
        new[] { ("operations", _operations?.Url), ("webhook", _webhook?.Url), ("status", _status?.Url) }
            .Where(u => u.Item2 is { Length: > 0 })
            .ToDictionary(u => u.Item1, u => u.Item2!, StringComparer.Ordinal);

    /// <summary>Begins to listen and to send.</summary>
    /// <exception cref="ListenerException">An address is taken, or a secret cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _telemetry.Start();
        if (_operations is not null)
            await _operations.StartAsync(cancellation);
        if (_webhook is not null)
            await _webhook.StartAsync(cancellation);
        if (_status is not null)
            await _status.StartAsync(cancellation);
        await _notifier.StartAsync(cancellation);
        foreach (var (what, url) in Urls)
            ReconcileLog.Listens(_logger, url, what);
    }

    /// <summary>Sends what is left, and listens no more.</summary>
    public Task StopAsync() =>
        // Side by side: a container that is asked to stop is killed after 30 s.
        Task.WhenAll(
            _notifier.StopAsync(CancellationToken.None),
            _status?.StopAsync() ?? Task.CompletedTask,
            _webhook?.StopAsync() ?? Task.CompletedTask,
            _operations?.StopAsync() ?? Task.CompletedTask,
            _telemetry.StopAsync()
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_status is not null)
            await _status.DisposeAsync();
        if (_webhook is not null)
            await _webhook.DisposeAsync();
        if (_operations is not null)
            await _operations.DisposeAsync();
    }
}
