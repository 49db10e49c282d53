using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reconciler.Core.Ports;
using Reconciler.Hosting;
using Reconciler.Hosting.Reconciling;
using Reconciler.Providers;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Sources;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Worker;
using Reconciler.Testing.State;
using Reconciler.Worker;
using Reconciler.Worker.Settings;

namespace Reconciler.Tests.Worker;

/// <summary>
/// Three workers, and applies beside them, with one state in a PostgreSQL of their own behind a proxy. Time goes by as
/// the test says; what processes share goes five times as fast as the machine's clock.
/// </summary>
internal sealed class TeamScene : IAsyncDisposable
{
    private const string Token = "t3am-t0ken";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-team-");
    private readonly FasterClock _shared = new(5);
    private readonly CollectedLogs _logs = new();
    private readonly ILoggerFactory _loggers;
    private readonly List<(ServiceProvider Services, WatchedState State)> _workers = [];
    private readonly PostgresProcess _database = new();
    private DateTimeOffset _lostAt;

    private TeamScene(SandboxServer server, FakeClock clock)
    {
        (Server, Clock, Proxy) = (server, clock, new(_database.Port));
        Folder = _folder.CreateSubdirectory("people").FullName;
        _loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(_logs));
    }

    public SandboxServer Server { get; }

    public StatementProxy Proxy { get; }

    public FakeClock Clock { get; }

    public IEnumerable<string> Logs => _logs.Lines;

    public string State => _database.Url("reconciler", port: Proxy.Port);

    /// <summary>The folder of the manifests.</summary>
    public string Folder { get; }

    public IEnumerable<WorkerLoop> Loops => _workers.Select(w => w.Services.GetRequiredService<WorkerLoop>());

    /// <summary>Sets vendors; no worker yet.</summary>
    /// <param name="onRequest">Called at each request; null for nothing.</param>
    /// <param name="projects">Their projects.</param>
    public static async Task<TeamScene> SetAsync(
        Func<SandboxMoment, CancellationToken, Task>? onRequest,
        params IEnumerable<SeedProject> projects
    )
    {
        // Skipped where no PostgreSQL is installed.
        _ = PostgresProcess.Shared;
        var clock = new FakeClock();
        var server = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = Token, Projects = [.. projects] },
                Clock = clock,
                OnRequest = onRequest,
            },
            TestContext.Current.CancellationToken
        );
        return new(server, clock);
    }

    /// <summary>Ends the database at once, and starts it again: every right is lost.</summary>
    public void RestartDatabase()
    {
        _lostAt = _shared.GetUtcNow();
        _database.Kill();
        _database.Start();
    }

    /// <summary>Writes the manifests.</summary>
    public void Write(string text) => File.WriteAllText(Path.Combine(Folder, "people.yaml"), text);

    /// <summary>Starts another worker.</summary>
    public async Task StartWorkerAsync()
    {
        var folder = _folder.CreateSubdirectory(
            string.Create(CultureInfo.InvariantCulture, $"worker-{_workers.Count + 1}")
        );
        var state = WatchedState.Open(State, Path.Combine(folder.FullName, ".source"));
        var environment = new HostEnvironment(
            new(ProgramVendors.All, [], new HybridClock(Clock)),
            secrets => new TokenReader(_ => Token, secrets, [])
        )
        {
            Variable = _ => Token,
            Folder = folder.FullName,
            Clock = new HybridClock(Clock),
            SharedClock = _shared,
        };
        var services = new ServiceCollection()
            .AddSingleton(_loggers)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddReconcilerWorker(Settings, environment, new(folder.FullName, State), state)
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IManifestSource>(new CopiedSource(Folder, Path.Combine(folder.FullName, "copies")))
            .AddSingleton(new Schedule(() => 0.5))
            .BuildServiceProvider();
        _workers.Add((services, state));
        await services.GetRequiredService<WorkerLoop>().StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets every worker read the manifests now.</summary>
    public void Wake()
    {
        foreach (var loop in Loops)
            loop.WakeSource();
    }

    /// <summary>Applies the manifests, as another process would.</summary>
    public async Task<(int Code, string Said)> ApplyAsync()
    {
        await using var said = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment
        {
            Out = said,
            Error = said,
            In = TextReader.Null,
            Variable = _ => Token,
            Folder = Folder,
            Clock = new HybridClock(Clock),
            SharedClock = _shared,
        };
        string[] words =
        [
            "apply",
            "--yes",
            "--max-removals",
            "none",
            "--lock-timeout",
            "1h",
            "--state",
            State,
            .. Server.Connections.SelectMany(c => (string[])["--base-url", $"{c.Name}={Server.BaseUrl(c.Name)}"]),
        ];
        var code = await Cli.RunAsync(words, environment, TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }

    /// <summary>Waits until no worker has anything under way or due, and each account has its worker.</summary>
    public Task QuietAsync() =>
        Eventually.Async(
            () =>
                Loops.All(l => l.IsIdle)
                && Clock.NextDue > Now
                && Loops.SelectMany(l => Own(l.Status)).ToList() is var own
                && own.Select(p => p.Project.Key.BaseUrl).Distinct(StringComparer.Ordinal).Count()
                    == Server.Connections.Count()
                && own.TrueForAll(p => p is { State: not ProjectState.New, IsRunning: false } && p.NextAt > Now),
            () => string.Join('\n', Logs.TakeLast(20))
        );

    /// <summary>The projects of the accounts that a worker has the right to.</summary>
    public IEnumerable<ProjectStatus> Own(WorkerStatus status) =>
        from right in status.Rights ?? []
        where right.Use == RightUse.Own && right.Holder!.Since > _lostAt
        from project in status.Projects
        where project.Project.Key.BaseUrl == right.BaseUrl
        select project;

    /// <summary>Lets time go by, from one timer to the next.</summary>
    public Task LetPassAsync(TimeSpan time) => Clock.LetPassAsync(time, QuietAsync);

    public async ValueTask DisposeAsync()
    {
        foreach (var (services, state) in _workers)
        {
            await services.GetRequiredService<WorkerLoop>().StopAsync(CancellationToken.None);
            await services.DisposeAsync();
            state.Dispose();
        }

        await Server.DisposeAsync();
        _loggers.Dispose();
        Proxy.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    private DateTimeOffset Now => Clock.GetUtcNow();

    private WorkerSettings Settings =>
        new()
        {
            Source = new() { Folder = new() { Path = Folder } },
            State = State,
            MaxRemovals = "none",
            BaseUrls = Server.Connections.ToDictionary(
                c => c.Name,
                c => Server.BaseUrl(c.Name),
                StringComparer.Ordinal
            ),
        };

    /// <summary>
    /// Reads a folder at once: a worker's own source waits until it has been unchanged for some seconds.
    /// </summary>
    private sealed class CopiedSource(string from, string to) : IManifestSource
    {
        private string _text = "";
        private int _number;

        public string Origin => from;

        public async Task<SourceRevision> FetchAsync(CancellationToken cancellation)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(from, "people.yaml"), cancellation);
            if (text != _text)
                _number++;
            _text = text;
            Directory.CreateDirectory(to);
            await File.WriteAllTextAsync(Path.Combine(to, "people.yaml"), text, cancellation);
            return new(string.Create(CultureInfo.InvariantCulture, $"revision-{_number}"), to, ["."]);
        }
    }
}
