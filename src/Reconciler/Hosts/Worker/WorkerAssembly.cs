using Reconciler.Providers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Membership;
using Reconciler.Engine.Applying;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Web;
using Reconciler.Hosts.Worker.Notifications;
using Reconciler.Hosts.Worker.Settings;
using Reconciler.Hosts.Worker.Web;
using Reconciler.Providers.Http;
using Reconciler.Reports.Masking;
using Reconciler.Sources;
using Reconciler.Sources.Folders;
using Reconciler.Sources.Git;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Worker;

/// <summary>The parts of a worker, made from its settings: the loop, its source, its listeners, and who is told.</summary>
internal sealed class WorkerAssembly : IAsyncDisposable
{
    private readonly IManifestSource _source;
    private readonly PassGate _gate;
    private readonly Notifier _notifier;
    private readonly ReconcilerMetrics _metrics = new();
    private readonly Otlp? _otlp;
    private readonly CliEnvironment _environment;
    private readonly ILogger _logger;
    private readonly Func<string, string> _shown;
    private readonly OperationsListener? _operations;
    private readonly WebhookListener? _webhook;
    private readonly StatusListener? _status;

    public WorkerAssembly(
        WorkerSettings settings,
        CliEnvironment environment,
        string statePath,
        WatchedState store,
        ILoggerFactory loggers
    )
    {
        (_environment, _logger) = (environment, loggers.CreateLogger("worker"));
        _shown = settings.Log?.MaskEmails == true ? new AddressMask().Text : text => text;
        _otlp = Otlp.Start(OtlpOf(settings.Telemetry));
        _notifier = new(
            NotificationTarget.Of(settings.Notifications ?? []),
            environment.Clock,
            loggers.CreateLogger<Notifier>(),
            sent => _metrics.NotificationEnded(sent ? NotificationOutcome.Sent : NotificationOutcome.Failed)
        );
        _gate = new(statePath, holder => WorkerLog.WaitsForLock(_logger, holder?.ToString() ?? "another process"));
        _source = SourceOf(settings, environment);
        Loop = new(
            new()
            {
                Settings = settings,
                Folder = environment.Folder,
                Source = _source,
                Store = store,
                Gate = _gate,
                StatePath = statePath,
                Connect = ConnectionsOf,
                Events = _notifier,
                Logger = _logger,
                Clock = environment.Clock,
                Shown = _shown,
                OnFetched = _metrics.SourceFetched,
                Context = revision =>
                    new(
                        RunOrigin.OfService("worker"),
                        new RevisionHistory(_source.Origin, settings.Source.Git is not null, revision)
                    ),
                OnPassed = Passed,
            }
        );
        PassGauges.Observe(_metrics, () => Loop.Status, environment.Clock);
        SourceGauges.Observe(_metrics, () => Loop.Status.Source);
        if (ListenAddress.Parse(settings.Operations?.Listen ?? WorkerDefaults.Operations) is { } operations)
            _operations = new(
                new(operations),
                () => Liveness.Of(Loop.Status, environment.Clock.GetUtcNow()),
                () => Readiness.Of(Loop.Status, environment.Clock.GetUtcNow(), store.Trouble is not null),
                _metrics,
                loggers
            );
        if (settings.Webhook is { } hook)
            _webhook = new(
                new(ListenAddress.Parse(hook.Listen)!, Full(hook.SecretFile))
                {
                    Path = hook.Path ?? WorkerDefaults.WebhookPath,
                },
                Loop,
                _metrics,
                environment.Clock,
                loggers
            );
        if (ListenAddress.Parse(settings.Status?.Listen ?? WorkerDefaults.Off) is { } status)
            _status = new(
                new(status) { TokenFile = settings.Status!.TokenFile is { } token ? Full(token) : null },
                Loop,
                environment.Clock,
                loggers
            );
    }

    /// <summary>The worker's loop.</summary>
    public WorkerLoop Loop { get; }

    /// <summary>Where it listens, by what is served there; empty until it is started.</summary>
    public IReadOnlyDictionary<string, string> Urls =>
        new[] { ("operations", _operations?.Url), ("webhook", _webhook?.Url), ("status", _status?.Url) }
            .Where(u => u.Item2 is { Length: > 0 })
            .ToDictionary(u => u.Item1, u => u.Item2!, StringComparer.Ordinal);

    /// <summary>Starts to listen and to tell.</summary>
    /// <exception cref="ListenerException">An address is taken, or a secret cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (_operations is not null)
            await _operations.StartAsync(cancellation);
        if (_webhook is not null)
            await _webhook.StartAsync(cancellation);
        if (_status is not null)
            await _status.StartAsync(cancellation);
        await _notifier.StartAsync(cancellation);
        foreach (var (what, url) in Urls)
            PassLog.Listens(_logger, url, what);
    }

    /// <summary>Tells what is left to tell, and listens no more.</summary>
    public async Task StopAsync()
    {
        // Side by side: whoever stops a container waits for 30 s in all.
        await Task.WhenAll(
            _notifier.StopAsync(CancellationToken.None),
            _status?.StopAsync() ?? Task.CompletedTask,
            _webhook?.StopAsync() ?? Task.CompletedTask,
            _operations?.StopAsync() ?? Task.CompletedTask,
            Task.Run(() => _otlp?.Dispose())
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_status is not null)
            await _status.DisposeAsync();
        if (_webhook is not null)
            await _webhook.DisposeAsync();
        if (_operations is not null)
            await _operations.DisposeAsync();
        _notifier.Dispose();
        _otlp?.Dispose();
        _metrics.Dispose();
        _gate.Dispose();
        (_source as IDisposable)?.Dispose();
    }

    private static OtlpSettings? OtlpOf(TelemetrySection? section) =>
        section is null
            ? null
            : new(new Uri(section.Endpoint))
            {
                Protocol = section.Protocol == TelemetryProtocol.Grpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf,
            };

    private static IManifestSource SourceOf(WorkerSettings settings, CliEnvironment environment)
    {
        if (settings.Source.Git is not { } git)
            return new FolderSource(
                FullIn(environment, settings.Source.Folder!.Path),
                WorkerDefaults.WorkFolderOf(settings, environment.Folder),
                SourceLimits.Default,
                environment.Clock
            )
            {
                AllowsEmpty = settings.AllowEmpty ?? false,
            };
        return new GitSource(
            new(git.Url, WorkerDefaults.WorkFolderOf(settings, environment.Folder))
            {
                Branch = git.Branch,
                Tag = git.Tag,
                Path = git.Path ?? ".",
                AllowsEmpty = settings.AllowEmpty ?? false,
                UserName = git.Username ?? WorkerDefaults.GitUser,
                TokenFile = Given(git.TokenFile),
                CaFile = Given(git.CaFile),
                SshKeyFile = Given(git.SshKeyFile),
                KnownHostsFile = Given(git.KnownHostsFile),
                VerifyKeys = Given(git.VerifyKeys),
            },
            // A fetch takes as long as it takes, whatever clock the passes go by.
            TimeProvider.System
        );

        string? Given(string? path) => path is null ? null : FullIn(environment, path);
    }

    private static string FullIn(CliEnvironment environment, string path) =>
        Path.GetFullPath(path, Path.GetFullPath(environment.Folder));

    private string Full(string path) => FullIn(_environment, path);

    private Connections ConnectionsOf(WorkerSettings settings) =>
        new(
            new TokenReader(
                _environment.Variable,
                WorkerDefaults.RequestOf(settings, _environment.Folder).SecretsFolder
            ),
            _environment.Clock
        )
        {
            Seen = Requested,
        };

    private void Requested(DesiredProvider provider, RequestSeen seen)
    {
        _metrics.RequestEnded(provider.Id, provider.Vendor.Type, seen);
        ReconcilerTracing.RequestEnded(provider.Id, provider.Vendor.Type, seen, _environment.Clock);
        PassLog.Requested(_logger, _shown, provider, seen);
    }

    private void Passed(ProjectPass pass, TimeSpan took)
    {
        var provider = pass.Planned.Project.Provider.Id;
        _metrics.PassEnded(provider, pass.Outcome, took);
        foreach (var outcome in pass.Outcomes)
            _metrics.ActionEnded(provider, outcome.Action.Kind, outcome.Kind);
    }
}
