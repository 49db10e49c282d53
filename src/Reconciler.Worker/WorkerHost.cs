using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Hosting;
using Reconciler.Manifests.Files;
using Reconciler.State;
using Reconciler.Worker.Settings;

namespace Reconciler.Worker;

/// <summary>
/// Runs a worker in this process until it is asked to stop: state file, loop, listeners and notifications.
/// </summary>
public sealed class WorkerHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly WatchedState _store;
    private readonly StateLock? _only;
    private readonly WorkerEndpoints _endpoints;
    private readonly ILogger _logger;
    private WorkerSettings _settings;

    private WorkerHost(IHost host, WatchedState store, StateLock? only, WorkerSettings settings)
    {
        (_host, _store, _only, _settings) = (host, store, only, settings);
        _endpoints = host.Services.GetRequiredService<WorkerEndpoints>();
        Loop = host.Services.GetRequiredService<WorkerLoop>();
        _logger = host.Services.GetRequiredService<ILogger>();
    }

    /// <summary>
    /// How long the loop may take to stop: a request takes 15 s at most. Notifications and the collector have 6 s after
    /// it, and a container has 30 s in all.
    /// </summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(20);

    /// <summary>The settings that take effect at a start only; the others can change while the worker runs.</summary>
    internal static IReadOnlyList<string> Fixtures { get; } =
    ["source", "state", "operations", "status", "webhook", "notifications", "telemetry", "log"];

    /// <summary>Runs the loop.</summary>
    internal WorkerLoop Loop { get; }

    /// <summary>Where it listens, by what is served there; empty until it is started.</summary>
    internal IReadOnlyDictionary<string, string> Urls => _endpoints.Urls;

    /// <summary>Composes a worker; nothing runs yet.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="environment">The process's environment.</param>
    /// <exception cref="LedgerException">The state file cannot be used, or another worker uses it.</exception>
    /// <exception cref="Reconciler.Manifests.SourceException">The source's settings cannot be right.</exception>
    public static WorkerHost Create(WorkerSettings settings, HostEnvironment environment)
    {
        // Lock files stand beside the state file itself, so links are followed first.
        var given = WorkerDefaults.StateOf(settings, environment.Folder);
        var path = StatePlace.IsServer(given) ? given : RealPath.Of(given) ?? given;
        var only = StatePlace.IsServer(path) ? null : TakeAlone(path, environment.Clock);
        WatchedState? store = null;
        try
        {
            store = Open(path, settings, environment.Folder);
            var builder = new HostApplicationBuilder(
                new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "reconciler" }
            );
            HostLogging.Add(builder.Logging, settings.Log, environment.Logs);
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
            // The command line handles signals.
            builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
            builder.Services.AddReconcilerWorker(settings, environment, new(environment.Folder, path), store);
            builder.Services.AddHostedService(services => services.GetRequiredService<WorkerLoop>());
            return new(builder.Build(), store, only, settings);
        }
        catch
        {
            store?.Dispose();
            only?.Dispose();
            throw;
        }
    }

    private static WatchedState Open(string path, WorkerSettings settings, string folder)
    {
        try
        {
            return WatchedState.Open(path, WorkerDefaults.WorkFolderOf(settings, folder));
        }
        catch (LedgerException unusable) when (WorkerDefaults.StateVariableOf(settings) is { } variable)
        {
            // No file and no command line shows what named the state.
            throw new LedgerException($"{variable}: {unusable.Message}", unusable);
        }
    }

    // Two workers with one state file would undo each other's work.
    private static StateLock TakeAlone(string path, TimeProvider clock)
    {
        StatePath.Check(path);
        return StateLock.TryAcquire($"{path}.worker", "worker", clock, out var holder)
            ?? throw new LedgerException(
                $"{path} is the state of another worker, "
                    + $"{holder?.ToString() ?? "which does not tell its name"}; "
                    + "give this one another state file, or stop that one"
            );
    }

    /// <summary>Starts the listeners, then the loop: probes are answered from the first moment.</summary>
    /// <exception cref="Reconciler.Hosting.Web.ListenerException">
    /// An address is taken, or a secret cannot be read.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _endpoints.StartAsync(cancellation);
        await _host.StartAsync(cancellation);
    }

    /// <summary>Waits until it is asked to stop, or cannot continue.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var stopping = _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = both.Token.Register(() => asked.TrySetResult());
        await asked.Task;
    }

    /// <summary>
    /// Reads the settings again, and takes over those that can change while it runs. Wrong settings change nothing.
    /// </summary>
    /// <param name="read">Reads them.</param>
    public void Reload(Func<(WorkerSettings? Settings, Problems Problems)> read)
    {
        var (settings, problems) = read();
        if (settings is null)
        {
            foreach (var problem in problems.Sorted)
                WorkerLog.SettingsBroken(_logger, TerminalText.Escape(problem.ToString()));
            return;
        }

        foreach (var fixture in Fixtures.Where(f => !NodeComparison.AreSame(_settings.Origin[f], settings.Origin[f])))
            WorkerLog.NeedsRestart(_logger, fixture);
        _settings = settings;
        Loop.Reload(settings);
        WorkerLog.SettingsRead(_logger);
    }

    /// <summary>
    /// Stops the loop, which finishes what is under way, then sends what is left and stops listening.
    /// </summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        await _endpoints.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
        _store.Dispose();
        _only?.Dispose();
    }
}
