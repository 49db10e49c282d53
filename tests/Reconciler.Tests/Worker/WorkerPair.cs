using System.Globalization;
using Reconciler.Sandbox;
using Reconciler.Sandbox.Seeds;
using Reconciler.Testing;
using Reconciler.Testing.Contract;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Worker;

/// <summary>
/// Two workers as processes with one state in PostgreSQL, and a vendor that counts writes. The first write is answered
/// only when the test says so: until then one worker is at it, and the other leaves the account to it.
/// </summary>
internal sealed class WorkerPair : IAsyncDisposable
{
    private const string Bot = "bot@example.com";

    // It takes one person in a request, so that there is a next write.
    private static readonly VendorRow Vendor = VendorRows.Of("clarifeye");
    private static readonly string[] Invited =
    [
        .. Enumerable.Range(1, 6).Select(n => $"invite-{n.ToString(CultureInfo.InvariantCulture)}@example.com"),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-failover-");
    private readonly string _state = PostgresProcess.Shared.NewUrl();
    private readonly TaskCompletionSource _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ProgramProcess> _workers = [];
    private SandboxServer? _server;
    private int _writes;

    private WorkerPair() { }

    /// <summary>The worker that is at a write.</summary>
    public ProgramProcess Working { get; private set; } = null!;

    /// <summary>The worker that waits.</summary>
    public ProgramProcess Waiting { get; private set; } = null!;

    /// <summary>How many writes have come.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Starts both, and waits until one is at a write and the other waits for it.</summary>
    public static async Task<WorkerPair> StartAsync()
    {
        var pair = new WorkerPair();
        try
        {
            await pair.StartServerAsync();
            pair._workers.AddRange([pair.Start(1), pair.Start(2)]);
            var waits = pair._workers.ToDictionary(w => w, w => w.UntilSaidAsync("until it is given back"));
            await Task.WhenAny(waits.Values).Unwrap();
            pair.Waiting = waits.First(w => w.Value.IsCompletedSuccessfully).Key;
            pair.Working = pair._workers.Single(w => w != pair.Waiting);
            await pair.Working.UntilAsync(pair._underWay.Task);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the vendor answer the first write.</summary>
    public void Answer() => _answered.TrySetResult();

    /// <summary>Waits until the worker that waits sends a write: a second one comes.</summary>
    public Task NextWriteAsync() =>
        Waiting.UntilAsync(Eventually.Async(() => Writes > 1, () => $"{Working.Said}\n---\n{Waiting.Said}"));

    /// <summary>Waits until that worker has done everything; nobody may have got a second mail.</summary>
    public async Task ConvergedAsync()
    {
        await Waiting.UntilSaidAsync("default/project: converged");
        var connection = _server!.Connection(Vendor.Connection);
        Assert.All(Invited, i => Assert.Equal(1, connection.MailsTo(i)));
        Assert.Equal(Invited.Length, connection.Invitations(Vendor.ProjectId).Count);
    }

    public async ValueTask DisposeAsync()
    {
        Answer();
        foreach (var worker in _workers)
            worker.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartServerAsync()
    {
        var project = Vendor.Prepare(
            new SeedProject(Vendor.ProjectId, Vendor.Connection) { Members = [new(Bot, Vendor.SeedGreater)] }
        );
        _server = await SandboxServer.StartAsync(
            new()
            {
                Seed = new() { Token = CrashScene.Token, Projects = [project] },
                OnRequest = PassAsync,
            },
            TestContext.Current.CancellationToken
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.CreateSubdirectory("people").FullName, "people.yaml"),
            Manifest(),
            TestContext.Current.CancellationToken
        );
    }

    private async Task PassAsync(SandboxMoment moment, CancellationToken stopping)
    {
        if (moment.Method == "GET")
            return;
        if (moment.Phase == SandboxPhase.Arrived)
        {
            Interlocked.Increment(ref _writes);
            return;
        }

        if (_underWay.TrySetResult())
            await _answered.Task.WaitAsync(stopping);
    }

    private ProgramProcess Start(int number)
    {
        var folder = _folder.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"worker-{number}"));
        var config = Path.Combine(folder.FullName, "worker.yaml");
        File.WriteAllText(
            config,
            $"source: {{folder: {{path: '{Path.Combine(_folder.FullName, "people")}'}}}}\nstate: '{_state}'\n"
                + $"baseUrls: {{{Vendor.Connection}: \"{_server!.BaseUrl(Vendor.Connection)}\"}}\n"
                + "operations: {listen: '127.0.0.1:0'}\n"
        );
        return ProgramProcess.Start(folder.FullName, CrashScene.Token, ["worker", "--config", config]);
    }

    private static string Manifest() =>
        $$$"""
            apiVersion: reconciler.dev/v1alpha1
            kind: AccessProvider
            metadata: {name: {{{Vendor.Connection}}}}
            spec:
              type: {{{Vendor.Type}}}
              baseUrl: https://{{{Vendor.Type}}}.example
              credentials: {token: {env: {{{CrashScene.Variable}}}}}
              actingAs: {{{Bot}}}
              maxConcurrency: 1
            ---
            apiVersion: reconciler.dev/v1alpha1
            kind: ProjectMembership
            metadata: {name: project}
            spec:
              provider: {{{Vendor.Connection}}}
              projectId: "{{{Vendor.ProjectId}}}"
              members:
              - {email: {{{Bot}}}, access: {{{Vendor.Greater}}}}
            {{{string.Join('\n', Invited.Select(i => $"  - {{email: {i}, access: {Vendor.Lesser}}}"))}}}
            """;
}
