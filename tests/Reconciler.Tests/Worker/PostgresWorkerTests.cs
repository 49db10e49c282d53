using System.Globalization;
using Reconciler.Sandbox;
using Reconciler.Testing;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Testing.State;
using Reconciler.Tests.Crashes;

namespace Reconciler.Tests.Worker;

/// <summary>Several workers with one state in PostgreSQL, as the real program.</summary>
[Trait("Runs", "Program")]
public sealed class PostgresWorkerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-workers-");
    private int _workers;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_workers_that_start_at_once_send_nothing_twice()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        using ProgramProcess one = Start(scene),
            two = Start(scene),
            three = Start(scene);
        await ConvergedAsync(scene, one, two, three);
        foreach (var worker in new[] { one, two, three })
        {
            await worker.SignalAsync("TERM");
            Assert.True(await worker.EndAsync() == ExitCode.Done, worker.Said);
        }

        Assert.Empty(await undisturbed.DifferencesAsync(scene));
        Assert.Equal(undisturbed.Mails, scene.Mails());
    }

    [Fact]
    public async Task What_a_worker_was_at_when_it_was_killed_is_completed_by_another_one()
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        var reached = scene.Gate.StopAt(new("gorules-contract", 8, SandboxPhase.Handled));
        using (var killed = Start(scene))
        {
            await killed.UntilAsync(reached);
            await killed.KillAsync();
        }

        scene.Gate.Open();
        using var other = Start(scene);
        await ConvergedAsync(scene, other);
        await other.SignalAsync("TERM");
        Assert.True(await other.EndAsync() == ExitCode.Done, other.Said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task What_a_worker_was_at_when_it_froze_is_completed_by_another_one_and_it_sends_nothing_late()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        var reached = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled));
        using var frozen = Start(scene);
        await frozen.UntilAsync(reached);
        await frozen.SignalAsync("STOP");
        scene.Gate.Open();
        using var other = Start(scene);
        await ConvergedAsync(scene, other);
        var before = scene.Server.NonGetCount;
        await frozen.SignalAsync("CONT");
        await frozen.UntilSaidAsync("another process");
        await other.SignalAsync("TERM");
        Assert.True(await other.EndAsync() == ExitCode.Done, other.Said);
        Assert.Equal(before, scene.Server.NonGetCount);
        await frozen.SignalAsync("TERM");
        await frozen.EndAsync();
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task A_worker_whose_database_is_away_writes_nothing_and_goes_on_once_it_is_back()
    {
        var undisturbed = await Undisturbed.Async();
        using var server = new PostgresProcess();
        await using var scene = await CrashScene.StartAsync(concurrency: 1, server.Url("reconciler"));
        var reached = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled) { StopsAll = false });
        using var worker = Start(scene, "log: {level: debug}\n");
        await worker.UntilAsync(reached);
        server.Kill();
        scene.Gate.GoOn();
        await worker.UntilSaidAsync("nothing is written at any vendor until it answers");
        server.Start();
        using var again = Start(scene, "log: {level: debug}\n");
        await ConvergedAsync(scene, worker, again);
        var differences = await undisturbed.DifferencesAsync(scene);
        Assert.True(differences.Count == 0, $"{string.Join('\n', differences)}\n---\n{worker.Said}\n---\n{again.Said}");
    }

    [Fact]
    public async Task Each_worker_shows_who_works_on_which_account()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1, PostgresProcess.Shared.NewUrl());
        var reached = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled) { StopsAll = false });
        int[] ports = [.. Enumerable.Range(0, 3).Select(_ => PostgresProcess.FreePort())];
        using var at = Start(scene, operations: ports[0]);
        await at.UntilAsync(reached);
        using var other = Start(scene, $"status: {{listen: '127.0.0.1:{ports[1]}'}}\n", ports[2]);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{ports[1]}") };
        await other.UntilAsync(ShownAsync("/", $"process {at.Id} of {Environment.UserName} on"));
        Assert.Contains("another worker", await GetAsync("/"), StringComparison.Ordinal);
        const string Metric = "reconciler_account_right{provider=\"default/equinix-metal-contract\"}";
        Assert.Contains(
            $"{Metric} 1",
            await GetAsync($"http://127.0.0.1:{ports[0]}/metrics"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{Metric} 0",
            await GetAsync($"http://127.0.0.1:{ports[2]}/metrics"),
            StringComparison.Ordinal
        );
        const string Elsewhere = "reconciler_projects{provider=\"default/equinix-metal-contract\",state=\"elsewhere\"}";
        Assert.Contains(
            $"{Elsewhere} 1",
            await GetAsync($"http://127.0.0.1:{ports[2]}/metrics"),
            StringComparison.Ordinal
        );
        Assert.Contains("elsewhere", await GetAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith("ready", await GetAsync($"http://127.0.0.1:{ports[2]}/readyz"), StringComparison.Ordinal);
        scene.Gate.GoOn();
        await ConvergedAsync(scene, at, other);
        // What one worker has, the other one leaves alone.
        Assert.DoesNotContain("default/equinix-metal-contract: converged", other.Said, StringComparison.Ordinal);
        await at.SignalAsync("TERM");
        Assert.True(await at.EndAsync() == ExitCode.Done, at.Said);
        await other.UntilAsync(ShownAsync($"http://127.0.0.1:{ports[2]}/metrics", $"{Metric} 1"));

        async Task ShownAsync(string url, string text)
        {
            while (!(await GetAsync(url)).Contains(text, StringComparison.Ordinal))
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        async Task<string> GetAsync(string url)
        {
            try
            {
                return await http.GetStringAsync(url, Cancellation);
            }
            catch (HttpRequestException)
            {
                return "";
            }
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Each has a folder of its own, as on machines of their own.
    private ProgramProcess Start(CrashScene scene, string more = "", int operations = 0)
    {
        var folder = _folder.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"worker-{++_workers}"));
        var urls = string.Join(
            ", ",
            scene.Server.Connections.Select(c => $"{c.Name}: \"{scene.Server.BaseUrl(c.Name)}\"")
        );
        var config = Path.Combine(folder.FullName, "worker.yaml");
        File.WriteAllText(
            config,
            $"source: {{folder: {{path: '{scene.Folder}'}}}}\nstate: '{scene.State}'\nbaseUrls: {{{urls}}}\n"
                + $"operations: {{listen: '127.0.0.1:{operations}'}}\n{more}"
        );
        return ProgramProcess.Start(folder.FullName, CrashScene.Token, ["worker", "--config", config]);
    }

    // Workers share the accounts: each project converges at one of them.
    private static Task ConvergedAsync(CrashScene scene, params ProgramProcess[] workers) =>
        workers[0]
            .UntilAsync(
                Eventually.Async(
                    () =>
                        scene.Server.Connections.All(c =>
                            workers.Any(w => w.Said.Contains($"default/{c.Name}: converged", StringComparison.Ordinal))
                        ),
                    () => string.Join("\n---\n", workers.Select(w => w.Said))
                )
            );
}
