using System.Collections.Concurrent;
using System.Globalization;
using Reconciler.Testing.State;

namespace Reconciler.Tests.Crashes;

/// <summary>
/// An apply with a state in PostgreSQL that is killed (SIGKILL), or cut off, at its statements: before the server gets
/// one, and once the server has done it and the program has not heard so. A sample of the statements is taken, so that
/// the test does not last for minutes; RECONCILER_EVERY_STATEMENT=1 takes each.
/// </summary>
public sealed class StatementCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_apply_that_is_killed_at_any_statement_converges_when_run_again_and_tells_each_action_once()
    {
        var wrong = await AtEachAsync(oneOf: 48, KilledAsync);
        Assert.True(wrong.Length == 0, wrong);
    }

    [Fact]
    public async Task An_apply_whose_connection_is_cut_at_any_statement_ends_or_is_completed_by_the_next_one()
    {
        var ended = new ConcurrentDictionary<int, int>();
        var wrong = await AtEachAsync(
            oneOf: 24,
            async (scene, point) =>
            {
                var reached = scene.Proxy.StopAt(point);
                var (code, said) = await scene.Scene.RunAsync(StatementScene.One);
                ended.AddOrUpdate(code, 1, (_, n) => n + 1);
                Assert.True(
                    code is ExitCode.Done or ExitCode.Partly or ExitCode.Failed,
                    $"{point}: exit {code}\n{said}"
                );
                return reached.IsCompleted;
            }
        );
        output.WriteLine(
            $"exit codes: {string.Join(", ", ended.OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value}×"))}"
        );
        Assert.True(wrong.Length == 0, wrong);
    }

    /// <returns>Whether the point was reached.</returns>
    private static async Task<bool> KilledAsync(StatementScene scene, StatementPoint point)
    {
        var reached = scene.Proxy.StopAt(point, AtPoint.StandsStill);
        using var process = scene.Scene.Start(StatementScene.One);
        var isReached = await Task.WhenAny(reached, process.EndAsync()) == reached;
        await process.KillAsync();
        scene.Proxy.Open();
        return isReached;
    }

    private async Task<string> AtEachAsync(int oneOf, Func<StatementScene, StatementPoint, Task<bool>> disturb)
    {
        var undisturbed = await Undisturbed.Async();
        var statements = await StatementScene.StatementsAsync();
        var points = statements
            .SelectMany(s =>
                new[] { Cut.BeforeStatement, Cut.BeforeAnswer }.Select(c => new StatementPoint(
                    s.Connection,
                    s.Number,
                    c
                ))
            )
            .Where((_, n) => EachPoint.TakesAll || n % oneOf == oneOf / 2)
            .ToList();
        var missed = 0;
        var wrong = await EachPoint.WrongAsync(
            points,
            async point =>
            {
                await using var scene = await StatementScene.StartAsync();
                // Which outcomes are saved together is chance, so a run may end before one of the last points.
                if (!await disturb(scene, point))
                    Interlocked.Increment(ref missed);
                return await scene.CompleteAsync(undisturbed);
            },
            // A run after one that was killed waits for 15 s.
            atOnce: 4
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{points.Count} points of {2 * statements.Length} in {statements.Length} statements; "
                    + $"{missed} did not come"
            )
        );
        return missed > Math.Max(1, points.Count / 20)
            ? $"{missed} of {points.Count} points did not come\n{wrong}"
            : wrong;
    }
}
