using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Manifests;
using Reconciler.Providers;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Sources;
using Reconciler.State;
using Reconciler.Testing.Contract;
using Reconciler.Worker;
using Reconciler.Worker.Settings;

namespace Reconciler.Testing.Hosts.Worker;

/// <summary>
/// A worker on the four imitated vendors, with a source that a test rewrites and a clock that it moves. Timers of HTTP
/// run as they do.
/// </summary>
public sealed class WorkerScene : IAsyncDisposable
{
    public const string Token = "w0rker-t0ken";
    public const string Bot = "bot@example.com";

    public static readonly ImmutableArray<VendorRow> Vendors = [.. VendorRows.Names.Select(VendorRows.Of)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-worker-");
    private readonly CollectedLogs _logs = new();
    private readonly CollectedEvents _events = new();
    private readonly ScriptedSource _source;
    private readonly ILoggerFactory _loggers;
    private WatchedState? _store;
    private ServiceProvider? _services;

    private WorkerScene(SandboxServer server, FakeClock clock)
    {
        (Server, Clock, _source) = (server, clock, new(Path.Combine(_folder.FullName, "people")));
        _loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(_logs));
    }

    /// <summary>Stands for other processes with the same state; null for the gate of the state file.</summary>
    public IWriteGate? Gate { get; set; }

    public SandboxServer Server { get; }

    public FakeClock Clock { get; }

    public WorkerLoop Loop { get; private set; } = null!;

    public WorkerStatus Status => Loop.Status;

    public IEnumerable<WorkerEvent> Events => _events.All;

    public IEnumerable<string> Logs => _logs.Lines;

    /// <summary>What stands in the token's file.</summary>
    public string TokenFile => Path.Combine(_folder.FullName, "secrets", "token");

    /// <summary>The file whose lock is the right to write to the state file.</summary>
    public string LockFile => $"{StatePath}.lock";

    /// <summary>The folder of the runner's Approvals; a worker looks at it where it is there when it starts.</summary>
    public string Approvals => Path.Combine(_folder.FullName, "approvals");

    public WatchedState State => _store!;

    private string StatePath => Path.Combine(_folder.FullName, "state.db");

    /// <summary>Vendors with one project each, the bot in it and whoever else is given; no worker yet.</summary>
    public static async Task<WorkerScene> SetAsync(params IEnumerable<SeedMember> members)
    {
        var clock = new FakeClock();
        ImmutableArray<SeedProject> projects =
        [
            .. Vendors.Select(v =>
                v.Prepare(new(v.ProjectId, v.Connection) { Members = [new(Bot, v.SeedGreater), .. members] })
            ),
        ];
        return await SetAsync(clock, new SandboxSeed { Token = Token, Projects = projects });
    }

    /// <summary>Vendors as seeded; no worker yet.</summary>
    public static async Task<WorkerScene> SetAsync(FakeClock clock, SandboxSeed seed)
    {
        var server = await SandboxServer.StartAsync(
            new() { Seed = seed, Clock = clock },
            TestContext.Current.CancellationToken
        );
        var scene = new WorkerScene(server, clock);
        Directory.CreateDirectory(Path.GetDirectoryName(scene.TokenFile)!);
        await File.WriteAllTextAsync(scene.TokenFile, Token);
        return scene;
    }

    /// <summary>Writes a revision; a worker that runs finds it when it asks.</summary>
    /// <param name="files">Each file's text, by its name.</param>
    public void Write(params IEnumerable<(string Name, string Text)> files) => _source.Write([.. files]);

    /// <summary>The source cannot be read from now on; null lets it be read again.</summary>
    public void FailSource(string? message) => _source.Failure = message;

    /// <summary>Starts the worker.</summary>
    public async Task StartAsync(Func<WorkerSettings, WorkerSettings>? with = null)
    {
        var settings = Settings();
        settings = with?.Invoke(settings) ?? settings;
        _store = WatchedState.Open(StatePath, Path.Combine(Path.GetDirectoryName(StatePath)!, ".source"));
        var environment = new HostEnvironment(
            new(ProgramVendors.All, [], new HybridClock(Clock)),
            folder => new TokenReader(_ => Token, folder, [])
        )
        {
            Variable = _ => Token,
            Folder = _folder.FullName,
            Clock = new HybridClock(Clock),
        };
        var services = new ServiceCollection()
            .AddSingleton(_loggers)
            .AddReconcilerWorker(settings, environment, new(_folder.FullName, StatePath), _store)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IManifestSource>(_source)
            .AddSingleton<IWorkerEvents>(_events)
            .AddSingleton(new Schedule(() => 0.5));
        if (Gate is not null)
            services.AddSingleton(Gate);
        _services = services.BuildServiceProvider();
        Loop = _services.GetRequiredService<WorkerLoop>();
        await Loop.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Deletes the state file under the worker.</summary>
    public void DeleteState()
    {
        foreach (var part in new[] { "", "-wal", "-shm" })
            File.Delete(StatePath + part);
    }

    /// <summary>Puts back what the worker saved when its state file was deleted.</summary>
    public void PutStateBack() => File.Move(StatePath + ".rescued", StatePath);

    /// <summary>Makes a new state file and says that the worker may go on with it.</summary>
    public void ConfirmState()
    {
        File.Delete(StatePath + ".rescued");
        using var store = StateStore.OpenOrCreate(StatePath);
        store.Confirm();
    }

    /// <summary>Stops the worker.</summary>
    internal async Task StopAsync()
    {
        await Loop.StopAsync(TestContext.Current.CancellationToken);
        await _services!.DisposeAsync();
        _store!.Dispose();
        _store = null;
    }

    /// <summary>
    /// Writes a revision, wakes the worker and waits until it has taken it in and nothing is under way.
    /// </summary>
    public async Task PushAsync(params IEnumerable<(string Name, string Text)> files)
    {
        Write(files);
        await AskAsync();
    }

    /// <summary>Wakes the worker, and waits until it has asked the source and nothing is under way.</summary>
    public async Task AskAsync()
    {
        var asked = _source.Asked;
        Loop.WakeSource();
        await Eventually.Async(() => _source.Asked > asked);
        await QuietAsync();
    }

    /// <summary>Waits until nothing is under way and nothing is due.</summary>
    public Task QuietAsync() => Eventually.Async(() => Loop.IsIdle && Clock.NextDue > Clock.GetUtcNow());

    /// <summary>Lets time go by, from one timer to the next, so that whatever falls due is done at its time.</summary>
    public Task LetPassAsync(TimeSpan time) => Clock.LetPassAsync(time, QuietAsync);

    public ProjectStatus Of(string name) => Status.Projects.Single(p => p.Project.Id == $"default/{name}");

    /// <summary>The people of a vendor's project, and who is invited.</summary>
    public ImmutableArray<string> People(VendorRow vendor) =>
        [
            .. Server
                .Connection(vendor.Connection)
                .Members(vendor.ProjectId)
                .Select(m => m.Email)
                .Concat(
                    Server
                        .Connection(vendor.Connection)
                        .Invitations(vendor.ProjectId)
                        .Where(i => i.Status.Equals("pending", StringComparison.OrdinalIgnoreCase))
                        .Select(i => $"{i.Email} (invited)")
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The four providers.</summary>
    public static (string Name, string Text) AllProviders(string more = "") =>
        (
            "providers.yaml",
            string.Join(
                "\n---\n",
                Vendors.Select(v =>
                    $$$"""
                        apiVersion: reconciler.dev/v1alpha1
                        kind: AccessProvider
                        metadata: {name: {{{v.Connection}}}}
                        spec:
                          type: {{{v.Type}}}
                          baseUrl: https://{{{v.Type}}}.example
                          credentials: {token: {file: token}}
                          actingAs: {{{Bot}}}
                          settleAfter: 0s
                        {{{more}}}
                        """
                )
            )
        );

    /// <summary>One provider alone.</summary>
    public static (string Name, string Text) Provider(VendorRow vendor) =>
        (
            "provider.yaml",
            AllProviders()
                .Text.Split("\n---\n")
                .Single(p => p.Contains($"name: {vendor.Connection}}}", StringComparison.Ordinal))
        );

    /// <summary>A project of a vendor, with the bot and these people.</summary>
    public static (string Name, string Text) Project(
        VendorRow vendor,
        string more,
        params IEnumerable<string> emails
    ) => OneOf(vendor, vendor.ProjectId, vendor.Connection, more, emails);

    /// <summary>One of several projects of a vendor, with the bot and these people.</summary>
    public static (string Name, string Text) OneOf(
        VendorRow vendor,
        string id,
        string name,
        string more,
        params IEnumerable<string> emails
    ) =>
        (
            $"{name}.yaml",
            $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: {{{name}}}}
            spec:
              provider: {{{vendor.Connection}}}
              projectId: "{{{id}}}"
            {{{more}}}
              members:
              - {email: {{{Bot}}}, access: {{{vendor.Greater}}}}
            {{{string.Join(
                '\n',
                emails.Select(e =>
                    e.Contains(':', StringComparison.Ordinal)
                        ? $"  - {{{e}, access: {vendor.Lesser}}}"
                        : $"  - {{email: {e}, access: {vendor.Lesser}}}"
                )
            )}}}
            """
        );

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await StopAsync();
        await Server.DisposeAsync();
        _loggers.Dispose();
        _folder.Delete(recursive: true);
    }

    private WorkerSettings Settings() =>
        new()
        {
            Source = new() { Folder = new() { Path = _source.Folder } },
            SecretsDir = Path.GetDirectoryName(TokenFile),
            Approvals = Directory.Exists(Approvals) ? Approvals : null,
            BaseUrls = Server.Connections.ToDictionary(
                c => c.Name,
                c => Server.BaseUrl(c.Name),
                StringComparer.Ordinal
            ),
        };

    private sealed class CollectedEvents : IWorkerEvents
    {
        private readonly ConcurrentQueue<WorkerEvent> _all = new();

        public IEnumerable<WorkerEvent> All => _all;

        public void Happened(WorkerEvent happened) => _all.Enqueue(happened);
    }

    /// <summary>A source whose revisions a test writes.</summary>
    private sealed class ScriptedSource(string folder) : IManifestSource
    {
        private readonly Lock _lock = new();
        private int _number;
        private volatile int _asked;
        private IReadOnlyList<(string Name, string Text)> _files = [];

        public string? Failure { get; set; }

        public string Folder => folder;

        public string Origin => "scripted";

        public int Asked => _asked;

        public void Write(IReadOnlyList<(string Name, string Text)> files)
        {
            lock (_lock)
                (_files, _number) = (files, _number + 1);
        }

        public Task<SourceRevision> FetchAsync(CancellationToken cancellation)
        {
            lock (_lock)
            {
                try
                {
                    if (Failure is { } failure)
                        throw new SourceException(failure);
                    if (Directory.Exists(folder))
                        Directory.Delete(folder, recursive: true);
                    Directory.CreateDirectory(folder);
                    foreach (var (name, text) in _files)
                        File.WriteAllText(Path.Combine(folder, name), text);
                    return Task.FromResult(new SourceRevision($"revision-{_number}", folder, ["."]));
                }
                finally
                {
                    _asked++;
                }
            }
        }
    }
}
