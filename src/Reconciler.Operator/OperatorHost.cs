using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Hosting.Web;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Operator.Watching;

namespace Reconciler.Operator;

/// <summary>
/// Runs an operator until it is asked to stop. Every replica watches the cluster and serves health and metrics; one of
/// them works.
/// </summary>
public sealed class OperatorHost : IAsyncDisposable
{
    private readonly OperatorSettings _settings;
    private readonly ClusterConnection _connection;
    private readonly IHost _host;
    private readonly OperatorEndpoint _endpoint;
    private readonly ClusterFollower _follower;
    private readonly OperatorWorker _worker;
    private readonly StatusSnapshotBuilder _snapshots;

    /// <summary>Composes an operator; nothing runs yet.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="connection">How the cluster is reached.</param>
    /// <param name="environment">The process's environment.</param>
    /// <exception cref="ListenerException">The runner's Guardrails cannot be read.</exception>
    public OperatorHost(OperatorSettings settings, ClusterConnection connection, HostEnvironment environment)
    {
        (_settings, _connection) = (settings, connection);
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "reconciler" }
        );
        HostLogging.Add(builder.Logging, settings.Log, environment.Logs);
        // What ends the host is thrown here, so the host need not log it too.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // What is under way is finished; the kubelet says how long a pod may take.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddReconcilerOperator(settings, connection, environment);
        _host = builder.Build();
        _endpoint = _host.Services.GetRequiredService<OperatorEndpoint>();
        _follower = _host.Services.GetRequiredService<ClusterFollower>();
        _worker = _host.Services.GetRequiredService<OperatorWorker>();
        _snapshots = _host.Services.GetRequiredService<StatusSnapshotBuilder>();
    }

    /// <summary>The newest snapshot.</summary>
    internal StatusSnapshot Status => _snapshots.Status;

    /// <summary>Where health and metrics are; empty until it is started.</summary>
    internal string Url => _endpoint.Url;

    /// <summary>Works until it is asked to stop.</summary>
    /// <param name="stopping">Asks it to.</param>
    /// <exception cref="LeadershipLostException">The Lease was lost: the process must end, since half of what it knows
    /// may be old.</exception>
    /// <exception cref="ListenerException">The address of health and metrics is taken.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var logger = _host.Services.GetRequiredService<ILogger>();
        OperatorLog.Connected(
            logger,
            _connection.Server.ToString(),
            _settings.WatchNamespace ?? "all",
            _settings.Shard
        );
        // A start takes no time, so a stop during it need not be handled.
        await _host.StartAsync(CancellationToken.None);
        await _host.WaitForShutdownAsync(stopping);
        if (_worker.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        if (_follower.ExecuteTask is { IsFaulted: true } followed)
            await followed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
    }
}
