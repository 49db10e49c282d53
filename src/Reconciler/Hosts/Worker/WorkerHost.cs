using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Tree;
using Reconciler.Core.Ports;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Sources.Following;
using Reconciler.State;

namespace Reconciler.Hosts.Worker;

/// <summary>Puts a worker together and runs it until it is asked to stop.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    // A request takes 15 s at most, and what is under way is finished; the command line ends the process after 25 s.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(24);

    // What a worker is put together from once; the rest of the settings can change while it runs.
    private static readonly string[] Fixtures = ["source", "state", "operations", "status", "webhook", "notifications", "telemetry", "log"];

    private readonly IHost _host;
    private readonly ILogger _logger;
    private WorkerSettings _settings;
    private readonly StateStore _store;
    private readonly StateLock _only;
    private readonly PassGate _gate;

    private WorkerHost(IHost host, StateStore store, StateLock only, Made made, WorkerSettings settings)
    {
        (_host, _store, _only, _gate, Loop, _settings) = (host, store, only, made.Gate, made.Loop, settings);
        _logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("worker");
    }

    /// <summary>The worker's loop.</summary>
    public WorkerLoop Loop { get; }

    /// <summary>Puts it together; nothing runs yet.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="environment">What is around it.</param>
    /// <exception cref="LedgerException">The state file cannot be used, or another worker uses it.</exception>
    public static WorkerHost Create(WorkerSettings settings, CliEnvironment environment)
    {
        var path = WorkerDefaults.StateOf(settings, environment.Folder);
        // One worker a state file: two would each follow their own source and undo each other's work.
        var only = StateLock.TryAcquire($"{path}.worker", "worker", environment.Clock, out var holder)
            ?? throw new LedgerException($"{path} is the state of another worker, {holder?.ToString() ?? "which does not tell its name"}; give this one another state file, or stop that one");
        StateStore? store = null;
        try
        {
            store = StateStore.OpenOrCreate(path);
            return Build(settings, environment, path, only, store);
        }
        catch
        {
            store?.Dispose();
            only.Dispose();
            throw;
        }
    }

    /// <summary>Starts it.</summary>
    public Task StartAsync(CancellationToken cancellation) => _host.StartAsync(cancellation);

    /// <summary>Comes back once it is asked to stop, or can go on no more.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var stopping = _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = both.Token.Register(asked.SetResult);
        await asked.Task;
    }

    /// <summary>Reads the settings again, and takes over what can change while it runs. Wrong ones change nothing.</summary>
    /// <param name="read">Reads them.</param>
    public void Reload(Func<(WorkerSettings? Settings, Problems Problems)> read)
    {
        var (settings, problems) = read();
        if (settings is null)
        {
            foreach (var problem in problems.Sorted) WorkerLog.SettingsBroken(_logger, TerminalText.Escape(problem.ToString()));
            return;
        }

        foreach (var fixture in Fixtures.Where(f => !NodeComparison.AreSame(_settings.Origin[f], settings.Origin[f]))) WorkerLog.NeedsRestart(_logger, fixture);
        _settings = settings;
        Loop.Take(settings);
        WorkerLog.SettingsRead(_logger);
    }

    /// <summary>Stops it: what is under way is finished.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
        _gate.Dispose();
        await _store.DisposeAsync();
        _only.Dispose();
    }

    private static WorkerHost Build(WorkerSettings settings, CliEnvironment environment, string path, StateLock only, StateStore store)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "reconciler" });
        WorkerLogging.Add(builder.Logging, settings.Log, environment.Logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
        // The command line hears the signals.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddSingleton(services => LoopOf(settings, environment, path, store, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<Made>().Loop);
        var host = builder.Build();
        var made = host.Services.GetRequiredService<Made>();
        return new(host, store, only, made, settings);
    }

    private static Made LoopOf(WorkerSettings settings, CliEnvironment environment, string path, StateStore store, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("worker");
        Func<string, string> shown = settings.Log?.MaskEmails == true ? new AddressMask().Text : text => text;
        var gate = new PassGate(path, holder => WorkerLog.WaitsForLock(logger, holder?.ToString() ?? "another process"));
        var parts = new WorkerParts
        {
            Settings = settings,
            Folder = environment.Folder,
            Source = SourceOf(settings, environment),
            Store = store,
            Gate = gate,
            StatePath = path,
            Connect = now => ConnectionsOf(now, environment, logger, shown),
            Events = new NoEvents(),
            Logger = logger,
            Clock = environment.Clock,
            Shown = shown,
        };
        return new(new(parts), gate);
    }

    private static IManifestSource SourceOf(WorkerSettings settings, CliEnvironment environment) =>
        throw new NotSupportedException();

    private static Connections ConnectionsOf(WorkerSettings settings, CliEnvironment environment, ILogger logger, Func<string, string> shown) =>
        new(environment, WorkerDefaults.RequestOf(settings, environment.Folder).SecretsFolder)
        {
            Seen = (provider, seen) => WorkerLog.Requested(
                logger, seen.Method, shown(TerminalText.Escape(seen.Path)), seen.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer", (long)seen.Duration.TotalMilliseconds, seen.Attempt, provider.Id, seen.RequestId),
        };

    private sealed record Made(WorkerLoop Loop, PassGate Gate);

    private sealed class NoEvents : IWorkerEvents
    {
        public void Happened(WorkerEvent happened)
        {
        }
    }

    /// <summary>A life that no signal of its own ends.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
