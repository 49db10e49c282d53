using Reconciler.Manifests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;
using Reconciler.Core.Text;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Manifests.Files;
using Reconciler.State;

namespace Reconciler.Hosts.Worker;

/// <summary>Runs a worker with everything around it until it is asked to stop.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly WatchedState _store;
    private readonly StateLock _only;
    private readonly WorkerAssembly _assembly;
    private readonly ILogger _logger;
    private WorkerSettings _settings;

    private WorkerHost(IHost host, WatchedState store, StateLock only, WorkerSettings settings)
    {
        (_host, _store, _only, _settings) = (host, store, only, settings);
        _assembly = host.Services.GetRequiredService<WorkerAssembly>();
        _logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("worker");
    }

    /// <summary>What is under way is finished first: a request takes 15 s at most. Then notifications and collectors have 6 s, and a stop has 30 in all.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromSeconds(20);

    /// <summary>What a worker is put together from once; the rest of the settings can change while it runs.</summary>
    public static IReadOnlyList<string> Fixtures { get; } =
    ["source", "state", "operations", "status", "webhook", "notifications", "telemetry", "log"];

    /// <summary>The worker's loop.</summary>
    public WorkerLoop Loop => _assembly.Loop;

    /// <summary>Where it listens, by what is served there; empty until it is started.</summary>
    public IReadOnlyDictionary<string, string> Urls => _assembly.Urls;

    /// <summary>Puts it together; nothing runs yet.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="environment">What is around it.</param>
    /// <exception cref="LedgerException">The state file cannot be used, or another worker uses it.</exception>
    /// <exception cref="SourceException">The source's settings cannot be right.</exception>
    public static WorkerHost Create(WorkerSettings settings, CliEnvironment environment)
    {
        // The locks stand beside the file itself, whatever links lead to it.
        var given = WorkerDefaults.StateOf(settings, environment.Folder);
        var path = RealPath.Of(given) ?? given;
        StateOptions.Check(path);
        // One worker a state file: two would each follow their own source and undo each other's work.
        var only =
            StateLock.TryAcquire($"{path}.worker", "worker", environment.Clock, out var holder)
            ?? throw new LedgerException(
                $"{path} is the state of another worker, {holder?.ToString() ?? "which does not tell its name"}; give this one another state file, or stop that one"
            );
        WatchedState? store = null;
        try
        {
            store = WatchedState.Open(
                path,
                WorkerDefaults.WorkFolderOf(settings, environment.Folder),
                environment.Clock
            );
            var builder = new HostApplicationBuilder(
                new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "reconciler" }
            );
            HostLogging.Add(builder.Logging, settings.Log, environment.Logs);
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
            // The command line hears the signals.
            builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
            builder.Services.AddSingleton(services => new WorkerAssembly(
                settings,
                environment,
                path,
                store,
                services.GetRequiredService<ILoggerFactory>()
            ));
            builder.Services.AddHostedService(services => services.GetRequiredService<WorkerAssembly>().Loop);
            return new(builder.Build(), store, only, settings);
        }
        catch
        {
            store?.Dispose();
            only.Dispose();
            throw;
        }
    }

    /// <summary>Starts it: first what others ask, then the work.</summary>
    /// <exception cref="Reconciler.Hosts.Web.ListenerException">An address is taken, or a secret cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _assembly.StartAsync(cancellation);
        await _host.StartAsync(cancellation);
    }

    /// <summary>Comes back once it is asked to stop, or can go on no more.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var stopping = _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = both.Token.Register(() => asked.TrySetResult());
        await asked.Task;
    }

    /// <summary>Reads the settings again, and takes over what can change while it runs. Wrong ones change nothing.</summary>
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
        Loop.Take(settings);
        WorkerLog.SettingsRead(_logger);
    }

    /// <summary>Stops it: what is under way is finished, and what there is to tell is told.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        await _assembly.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _assembly.DisposeAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        else
            _host.Dispose();
        _store.Dispose();
        _only.Dispose();
    }
}
