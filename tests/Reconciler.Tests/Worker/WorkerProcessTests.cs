using Reconciler.Sandbox;
using Reconciler.Testing;
using Reconciler.Testing.Hosts.Crashes;
using Reconciler.Tests.Crashes;

namespace Reconciler.Tests.Worker;

/// <summary>The real program as a service: killed, stopped, reloaded, started twice.</summary>
[Trait("Runs", "Program")]
public sealed class WorkerProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reconciler-service-");

    [Theory]
    [InlineData("equinix-metal-contract", 6)]
    [InlineData("clarifeye-contract", 5)]
    [InlineData("gorules-contract", 8)]
    [InlineData("confident-ai-contract", 7)]
    public async Task A_worker_that_is_killed_in_the_middle_converges_when_it_is_started_again_and_nobody_gets_a_second_mail(
        string connection,
        int request
    )
    {
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        var reached = scene.Gate.StopAt(new(connection, request, SandboxPhase.Handled));
        using (var killed = Start(scene))
        {
            await killed.UntilAsync(reached);
            await killed.KillAsync();
        }

        scene.Gate.Open();
        using var again = Start(scene);
        await ConvergedAsync(again, scene);
        await again.SignalAsync("TERM");
        Assert.True(await again.EndAsync() == ExitCode.Done, again.Said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
    }

    [Fact]
    public async Task A_worker_that_is_stopped_in_the_middle_finishes_what_is_under_way_and_the_next_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        var undisturbed = await Undisturbed.Async();
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        var underWay = scene.Gate.StopAt(new("equinix-metal-contract", 6, SandboxPhase.Handled) { StopsAll = false });
        using (var stopped = Start(scene))
        {
            await stopped.UntilAsync(underWay);
            await stopped.SignalAsync("TERM");
            await stopped.UntilSaidAsync("finishes what is under way");
            scene.Gate.GoOn();
            Assert.True(await stopped.EndAsync() == ExitCode.Done, stopped.Said);
            Assert.Contains("stopped", stopped.Said, StringComparison.Ordinal);
        }

        using var again = Start(scene);
        await ConvergedAsync(again, scene);
        await again.SignalAsync("TERM");
        Assert.True(await again.EndAsync() == ExitCode.Done, again.Said);
        Assert.Empty(await undisturbed.DifferencesAsync(scene));
        Assert.Equal(undisturbed.Mails, scene.Mails());
    }

    [Fact]
    public async Task A_second_worker_on_one_state_file_is_refused_and_names_the_first()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var first = Start(scene);
        await ConvergedAsync(first, scene);
        using var second = Start(scene);
        Assert.True(await second.EndAsync() == ExitCode.Failed, second.Said);
        Assert.Contains(
            $"is the state of another worker, \"worker\" (process {first.Id} of ",
            second.Said,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Settings_are_read_again_on_a_signal_and_wrong_ones_change_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals between processes");
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var worker = Start(scene);
        await ConvergedAsync(worker, scene);
        await WriteAsync(scene, "maxRemoval: '3'\n");
        await worker.SignalAsync("HUP");
        await worker.UntilSaidAsync("maxRemoval: unknown field");
        await WriteAsync(scene, "maxRemovals: '3'\nlog: {level: debug}\n");
        await worker.SignalAsync("HUP");
        await worker.UntilSaidAsync("settings read again");
        Assert.Contains(
            "log changed; it takes effect once the worker is started again",
            worker.Said,
            StringComparison.Ordinal
        );
        await worker.SignalAsync("TERM");
        Assert.True(await worker.EndAsync() == ExitCode.Done, worker.Said);
    }

    [Fact]
    public async Task Wrong_settings_start_nothing_and_every_problem_is_told()
    {
        await using var scene = await CrashScene.StartAsync(concurrency: 1);
        using var worker = Start(scene, "stat: x.db\noperations: {listen: nowhere}\n");
        Assert.True(await worker.EndAsync() == ExitCode.Problems, worker.Said);
        Assert.Contains("stat: unknown field", worker.Said, StringComparison.Ordinal);
        Assert.Contains("operations.listen: is \"nowhere\"", worker.Said, StringComparison.Ordinal);
        Assert.Contains("2 problems; the worker was not started.", worker.Said, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ProgramProcess Start(CrashScene scene, string more = "")
    {
        WriteAsync(scene, more).GetAwaiter().GetResult();
        return ProgramProcess.Start(scene.Folder, CrashScene.Token, ["worker", "--config", Config]);
    }

    private string Config => Path.Combine(_folder.FullName, "worker.yaml");

    private Task WriteAsync(CrashScene scene, string more)
    {
        var urls = string.Join(
            ", ",
            scene.Server.Connections.Select(c => $"{c.Name}: \"{scene.Server.BaseUrl(c.Name)}\"")
        );
        var operations = more.Contains("operations", StringComparison.Ordinal)
            ? ""
            : "operations: {listen: '127.0.0.1:0'}";
        return File.WriteAllTextAsync(
            Config,
            $"source: {{folder: {{path: '{scene.Folder}'}}}}\nstate: '{scene.StateFile}'\nbaseUrls: {{{urls}}}\n{operations}\n{more}\n"
        );
    }

    private static Task ConvergedAsync(ProgramProcess worker, CrashScene scene) =>
        worker.UntilAsync(
            Eventually.Async(() =>
                scene.Server.Connections.All(c =>
                    worker.Said.Contains($"default/{c.Name}: converged", StringComparison.Ordinal)
                )
            )
        );
}
