using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ledgers;
using Reconciler.Core.Manifests;
using Reconciler.Core.Manifests.Kinds;
using Reconciler.Core.Membership;
using Reconciler.Core.Membership.Resolving;
using Reconciler.Hosts.Operator.Status;
using Reconciler.Hosts.Passes;
using Reconciler.Hosts.Web;
using Reconciler.Kubernetes.Client;
using Reconciler.Kubernetes.Configuration;
using Reconciler.Kubernetes.Events;
using Reconciler.Kubernetes.Leasing;
using Reconciler.Kubernetes.Watching;
using Reconciler.Providers.Http;
using Reconciler.Reports;
using Reconciler.Reports.Masking;
using Reconciler.Telemetry;

namespace Reconciler.Hosts.Operator;

/// <summary>An operator with everything around it. Every replica follows the cluster and serves health and metrics; one of them works.</summary>
internal sealed class OperatorHost : IAsyncDisposable
{
    private readonly OperatorSettings _settings;
    private readonly CliEnvironment _environment;
    private readonly ILogger _logger;
    private readonly Func<string, string> _shown;
    private readonly ClusterClient _client;
    private readonly ClusterClient _leasing;
    private readonly ClusterCatalog _catalog = new();
    private readonly List<Reflector<ClusterResource>> _reflectors = [];
    private readonly EventRecorder _recorder;
    private readonly Connections _connections;
    private readonly LeaderElector? _elector;
    private readonly OperatorMetrics _metrics;
    private readonly OperationsListener? _operations;
    private readonly ProviderStatuses _providers;
    private readonly Lock _ruling = new();
    private DateTimeOffset _rulesAt;
    private RunnerRules _rules;

    /// <summary>Puts it together; nothing runs yet.</summary>
    /// <param name="settings">What it does.</param>
    /// <param name="connection">How the cluster is reached.</param>
    /// <param name="environment">What is around it.</param>
    /// <param name="loggers">Makes loggers.</param>
    public OperatorHost(OperatorSettings settings, ClusterConnection connection, CliEnvironment environment, ILoggerFactory loggers)
    {
        (_settings, _environment, _logger) = (settings, environment, loggers.CreateLogger("operator"));
        _shown = settings.Log.MaskEmails == true ? new AddressMask().Text : text => text;
        _rulesAt = environment.Clock.GetUtcNow();
        // Checked before; what a replica that only waited has read stays good until it leads.
        _rules = Read(_rulesAt) ?? throw new ListenerException("the runner's Guardrails cannot be read");
        _metrics = new(settings.Shard, environment.Clock);
        var options = ClientOptionsOf(environment.Clock);
        _client = new(connection, options with { Observed = _metrics.ServerAnswered });
        _recorder = new(_client, new() { Controller = "reconciler.dev/operator", Failed = failed => OperatorLog.ServerFailed(_logger, failed.Message) });
        // A connection of its own, whose death is noticed within a renewal's time.
        var soon = TimeSpan.FromSeconds(2);
        _leasing = new(connection, options with { KeepAliveDelay = soon, KeepAliveTimeout = soon });
        if (settings.ElectLeader) _elector = new(_leasing, Election(settings, connection));
        var secrets = new ClusterSecrets(_client);
        var writer = new StatusWriter(_client, environment.Clock);
        var book = new StatusBook(writer, settings.Shard) { Audited = Audited };
        var providers = _providers = new ProviderStatuses(_client, book, settings.Shard, environment.Clock);
        _connections = new(environment, secrets) { MayWrite = () => MayWrite, Seen = Requested };
        var events = new OperatorEvents(_recorder);
        var approvals = new ClusterApprovals(_catalog, events, environment.Clock);
        Loop = new(new()
        {
            Settings = settings,
            Catalog = _catalog,
            Book = book,
            Writer = writer,
            Providers = providers,
            Connections = _connections,
            Secrets = secrets,
            Events = events,
            Approvals = approvals,
            Context = new(RunOrigin.OfService("operator", Account(environment.Variable)), null),
            Rules = Rules,
            Logger = _logger,
            Clock = environment.Clock,
            Shown = _shown,
            OnPassed = (pass, took) => Passed(approvals, pass, took),
            OnFinalizerLost = _metrics.FinalizerLost,
        });
        foreach (var kind in ManifestKind.All) _reflectors.Add(Follow(kind, book));
        _metrics.Observe(Loop, () => _elector?.IsLeader ?? Loop.IsLeading);
        if (settings.Listen is { } listen) _operations = new(new(listen), Live, Ready, _metrics.Common, loggers);

        void Requested(DesiredProvider provider, RequestSeen seen)
        {
            _metrics.Common.RequestEnded(provider.Id, provider.Vendor.Type, seen);
            providers.Requested(provider, seen);
            PassLog.Requested(_logger, _shown, provider, seen);
        }
    }

    /// <summary>What works while this replica leads.</summary>
    public OperatorLoop Loop { get; }

    /// <summary>Where health and metrics are; empty until it is started.</summary>
    public string Url => _operations?.Url ?? "";

    private bool MayWrite => _elector?.IsLeader ?? true;

    /// <summary>Works until it is asked to stop.</summary>
    /// <exception cref="LeadershipLostException">The lease was lost: the process must end, since half of what it knows may be old.</exception>
    /// <exception cref="ListenerException">The address of health and metrics is taken.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        OperatorLog.Connected(_logger, _client.Connection.Server.ToString(), _settings.WatchNamespace ?? "all", _settings.Shard);
        // It takes no time, and a stop that comes in just then must find everything as at any other time.
        if (_operations is not null) await _operations.StartAsync(CancellationToken.None);
        if (_operations is not null) PassLog.Listens(_logger, _operations.Url, "operations");
        using var following = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        // What follows and tells goes on until the work has ended, so that a stop loses no Event.
        using var after = new CancellationTokenSource();
        var follows = Task.WhenAll(_reflectors.Select(r => EndedAsync(r.RunAsync(after.Token))));
        var tells = _recorder.RunAsync(after.Token);
        try
        {
            await Task.WhenAll(_reflectors.Select(r => r.Synced)).WaitAsync(stopping);
            if (_elector is null) await Loop.RunAsync(stopping);
            else await LeadAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // As asked.
        }
        finally
        {
            await after.CancelAsync();
            await Task.WhenAll(follows, tells);
            if (_operations is not null) await _operations.StopAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_operations is not null) await _operations.DisposeAsync();
        Loop.Dispose();
        _providers.Dispose();
        _connections.Dispose();
        _metrics.Dispose();
        _leasing.Dispose();
        _client.Dispose();
    }

    private async Task LeadAsync(CancellationToken stopping)
    {
        OperatorLog.Waits(_logger, _settings.LeaseName, Environment.MachineName);
        try
        {
            await _elector!.RunAsync(Loop.RunAsync, stopping);
        }
        catch (LeadershipLostException lost)
        {
            OperatorLog.Lost(_logger, lost.InnerException?.Message ?? lost.Message);
            throw;
        }
    }

    private static async Task EndedAsync(Task following)
    {
        try
        {
            await following;
        }
        catch (OperationCanceledException)
        {
            // The way every reflector ends.
        }
    }

    private LeaderElectionOptions Election(OperatorSettings settings, ClusterConnection connection)
    {
        var options = new LeaderElectionOptions
        {
            Lease = new(settings.LeaseNamespace ?? connection.Namespace ?? "default", settings.LeaseName),
            Failed = failed => OperatorLog.ServerFailed(_logger, failed.Message),
        };
        return settings.LeaseTimes is { } times ? options with { LeaseDuration = times.Lease, RenewDeadline = times.Deadline, RetryPeriod = times.Retry } : options;
    }

    private static ClientOptions ClientOptionsOf(TimeProvider clock) =>
        new() { UserAgent = "reconciler-operator", Types = ClusterJson.Default, Clock = clock };

    private Reflector<ClusterResource> Follow(ManifestKind kind, StatusBook book)
    {
        var reflector = new Reflector<ClusterResource>(_client, ClusterResource.Types[kind.Name], new()
        {
            Selection = new() { Namespace = _settings.WatchNamespace },
            Failed = failed => OperatorLog.ServerFailed(_logger, failed.Message),
        });
        reflector.Store.Subscribe(change =>
        {
            Slim(change);
            if (change.After?.Value is { IsBeingDeleted: true } deleted && book.Find(change.Key) is { } leaving && leaving.Uid == deleted.Metadata.Uid)
                leaving.IsDeletionSeen = true;
            var isMembership = kind.Type == typeof(ProjectMembership);
            var isSame = change is { Before.Value: { } before, After.Value: { } after } && ClusterResource.IsSameWish(before, after);
            // What only says how something stands need not be read again, and must not: connections are known by the specification as read.
            if (isSame && !isMembership)
            {
                _catalog.Refresh(kind, change.After!.Value!);
                if (kind.Type == typeof(AccessProvider)) Loop.Remembered(change.Key.Namespace ?? "default");
                return;
            }

            _catalog.Note(kind, change.Key, change.After is null ? null : change.After.Value ?? new ClusterResource { Metadata = change.After.Metadata });
            var known = isSame && Loop.IsLeading ? book.Find(change.Key) : null;
            known?.Share(change.After!.Value!);
            if (!isSame || known?.Unreadable is not null || IsNews(change.Before!.Value!, change.After!.Value!)) Loop.Touch(kind, change.Key);
        });
        return reflector;
    }

    private void Passed(ClusterApprovals approvals, ProjectPass pass, TimeSpan took)
    {
        _metrics.Passed(pass, took);
        approvals.Passed(pass);
    }

    // A status of another shard's counts removals; one of ours that went back was wiped, or edited by hand.
    private bool IsNews(ClusterResource before, ClusterResource after) =>
        !_settings.Selector.Matches(after.Labels)
        || MembershipRecord.RevisionOf(after) < MembershipRecord.RevisionOf(before);

    // What it asks for is kept once, however often its status changes.
    private static void Slim(StoreChange<ClusterResource> change)
    {
        if (change.After is not { } item) return;
        ClusterResource.Slim(item.Metadata);
        item.Value?.NoteManager();
        ClusterResource.Slim(item.Value?.Metadata);
        if (item.Value is { } after && change.Before?.Value is { } before && ClusterResource.IsSameSpec(before, after)) after.Spec = before.Spec;
    }

    // Guardrails of the runner are read again now and then: a ConfigMap that they are mounted from may have changed. Wrong ones change nothing.
    private RunnerRules Rules()
    {
        var now = _environment.Clock.GetUtcNow();
        lock (_ruling)
        {
            if (now - _rulesAt > TimeSpan.FromMinutes(1)) (_rules, _rulesAt) = (Read(now) ?? _rules, now);
            return _rules with { Now = now };
        }
    }

    private RunnerRules? Read(DateTimeOffset now)
    {
        var problems = new Problems();
        var rules = Workspace.RulesOf(_settings.Request(_environment.Folder), now, problems);
        foreach (var problem in problems.Sorted.Where(p => p.Severity == Severity.Error)) OperatorLog.Unforeseen(_logger, $"the runner's Guardrails stay as they were: {problem}");
        return problems.HasErrors ? null : rules;
    }

    private HttpAnswer Live() => Loop.IsLeading ? Liveness.Of(Loop.Status, _environment.Clock.GetUtcNow()) : HttpAnswer.Text(StatusCodes.Status200OK, "ok");

    private HttpAnswer Ready()
    {
        var frozen = ManifestKind.All.Zip(_reflectors).Where(p => !p.Second.IsReady).Select(p => $"- {p.First.Plural} cannot be followed").ToList();
        if (frozen.Count > 0) return HttpAnswer.Text(StatusCodes.Status503ServiceUnavailable, string.Join('\n', frozen.Prepend("not ready")));
        // A first pass over many projects of a slow vendor may last long: it is told, and refuses nothing.
        var hanging = Loop.IsLeading ? Liveness.Hanging(Loop.Status, _environment.Clock.GetUtcNow()) : null;
        return HttpAnswer.Text(StatusCodes.Status200OK, $"ready\n{(Loop.IsLeading ? "leads" : "follows")}{(hanging is null ? "" : $"\n{hanging}")}");
    }

    private void Audited(MembershipRecord record, AuditEntry entry) => OperatorLog.Audited(
        _logger, LedgerStatus.Text(entry.At), entry.Document, entry.Project.ToString(), entry.Action, Clean(entry.Person), entry.Outcome.ToString(), Clean(entry.Added), Clean(entry.Removed), Clean(entry.Reason), entry.Plan, Clean(entry.Message),
        entry.Origin.Actor, entry.Origin.Host, entry.Origin.Program, Clean(SourceOf(record)), Clean(entry.Approver));

    // The API server has no commit: the resource as it was, by its generation, and who wrote its spec last, as the
    // server noted it.
    private static string SourceOf(MembershipRecord record)
    {
        var metadata = record.Latest.Metadata;
        var writer = record.Latest.SpecManager is { } manager ? $", spec written by {manager}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"ProjectMembership {record.Key} generation {metadata.Generation}{writer}");
    }

    // The chart gives the pod its own names; outside of a cluster the kubeconfig's user acts, whom only the API server
    // knows.
    private static string? Account(Func<string, string?> variable) =>
        variable("POD_NAMESPACE") is { Length: > 0 } space && variable("POD_SERVICE_ACCOUNT") is { Length: > 0 } account
            ? $"system:serviceaccount:{space}:{account}"
            : null;

    private string Clean(string text) => _shown(TerminalText.Escape(text));
}
