using Reconciler.Sandbox;
using Reconciler.Testing.Crashes;
using Reconciler.Testing.Hosts;
using Reconciler.Testing.Hosts.Crashes;

namespace Reconciler.Tests.Crashes;

/// <summary>
/// An apply that is killed (SIGKILL) at its requests. Before a request: its intent is saved and the vendor did nothing.
/// After it: the vendor did it and nobody wrote down its outcome. Nothing else is between the two for the one who runs
/// it again: an answer that came is noted behind the next request, so a kill before that one finds the note in the file
/// or not, and a kill while the file is written leaves the save before it, as ManyProcessesTests shows.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    // Parts, so that none runs for minutes without a word.
    private const int Parts = 8;

    public static TheoryData<int> EveryPart => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(EveryPart))]
    public async Task An_apply_that_is_killed_at_any_request_converges_when_it_is_run_again_and_nobody_gets_a_second_mail(
        int part
    )
    {
        var undisturbed = await Undisturbed.Async();
        var points = undisturbed
            .Requests.SelectMany(c => Enumerable.Range(1, c.Value).SelectMany(n => Both(c.Key, n)))
            .Where((_, n) => n % Parts == part)
            .ToList();
        var wrong = await KillAtAsync(
            points,
            undisturbed,
            concurrency: 1,
            async scene => await scene.RunAsync(["apply", "--yes"])
        );
        Assert.True(wrong.Length == 0, wrong);
    }

    [Fact]
    public async Task An_apply_that_is_killed_with_many_requests_under_way_converges_when_it_is_run_again_in_another_process()
    {
        var undisturbed = await Undisturbed.Async();
        // Which requests are under way is chance, and so are the last few read-backs: the points leave those out.
        var points = undisturbed
            .Requests.SelectMany(c =>
                Enumerable.Range(1, Math.Max(1, (c.Value - 4) / 4)).SelectMany(n => Both(c.Key, (4 * n) - 1))
            )
            .ToList();
        var wrong = await KillAtAsync(
            points,
            undisturbed,
            concurrency: 8,
            async scene =>
            {
                using var again = scene.Start("apply", "--yes");
                return (await again.EndAsync(), again.Said);
            }
        );
        Assert.True(wrong.Length == 0, wrong);
    }

    // Where to kill is a question of the program's order, which every build has; a few points hold that it does.
    [Fact]
    [Trait("Runs", "Program")]
    [Trait("Needs", "NamedProgram")]
    public async Task A_named_program_that_is_killed_at_some_requests_converges_when_it_is_run_again()
    {
        TestedProgram.SkipUnlessNamed();
        var undisturbed = await Undisturbed.Async();
        var points = undisturbed
            .Requests.SelectMany(c => Enumerable.Range(1, c.Value).SelectMany(n => Both(c.Key, n)))
            .Where((_, n) => n % 15 == 7)
            .ToList();
        var wrong = await KillAtAsync(
            points,
            undisturbed,
            concurrency: 1,
            async scene =>
            {
                using var again = scene.Start("apply", "--yes");
                return (await again.EndAsync(), again.Said);
            }
        );
        Assert.True(wrong.Length == 0, wrong);
    }

    private static StopPoint[] Both(string connection, int request) =>
        [new(connection, request, SandboxPhase.Arrived), new(connection, request, SandboxPhase.Handled)];

    private async Task<string> KillAtAsync(
        List<StopPoint> points,
        Undisturbed undisturbed,
        int concurrency,
        Func<CrashScene, Task<(int Code, string Said)>> runAgain
    )
    {
        var wrong = await EachPoint.WrongAsync(
            points,
            async point =>
            {
                await using var scene = await KilledAsync(point, concurrency);
                var (code, said) = await runAgain(scene);
                List<string> here = code == ExitCode.Done ? [] : [$"exit {code}"];
                here.AddRange(await undisturbed.DifferencesAsync(scene));
                return here.ConvertAll(w => $"{w}\n{said}");
            }
        );
        output.WriteLine(
            $"{points.Count} kill points in an apply of {undisturbed.Actions} actions; "
                + $"requests: {string.Join(", ", undisturbed.Requests.Select(r => $"{r.Key} {r.Value}"))}"
        );
        return wrong;
    }

    // Every run is killed. With many requests under way, one may need fewer read-backs than the undisturbed run and end
    // before the point: another is killed a few requests earlier.
    private static async Task<CrashScene> KilledAsync(StopPoint point, int concurrency)
    {
        while (true)
        {
            var scene = await CrashScene.StartAsync(concurrency);
            var reached = scene.Gate.StopAt(point);
            using var process = scene.Start("apply", "--yes");
            if (await Task.WhenAny(reached, process.EndAsync()) == reached)
            {
                await process.KillAsync();
                scene.Gate.Open();
                return scene;
            }

            await scene.DisposeAsync();
            Assert.True(concurrency > 1 && point.Request > 4, $"{point}: the program ended before\n{process.Said}");
            point = point with { Request = point.Request - 4 };
        }
    }
}
