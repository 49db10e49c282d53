using System.Globalization;
using Reconciler.Core.Planning;

namespace Reconciler.Engine.Tests.Model;

/// <summary>
/// Random histories of manifests, people, vendors and faults: whatever happens, no limit is broken on the way, and the
/// end is quiet. <c>RECONCILER_MODEL_SEED=n</c> replays one and shows it; <c>RECONCILER_MODEL_HISTORIES=n</c> runs
/// more.
/// </summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Fewest = 100;

    private static readonly int Count = Setting("RECONCILER_MODEL_HISTORIES") ?? 10_000;

    [Fact]
    public async Task Random_histories_break_no_limit_and_end_in_a_fixpoint()
    {
        if (Setting("RECONCILER_MODEL_SEED") is { } only)
        {
            await RunAsync(only, new long[Planner.RowNames.Length], output.WriteLine);
            return;
        }

        var hits = new long[Planner.RowNames.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Count),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 2,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (seed, _) => await RunAsync(seed, hits, null)
        );
        for (var row = 0; row < hits.Length; row++)
            output.WriteLine($"{Planner.RowNames[row], -15} {hits[row], 12:N0}");
        // No history lists entries that name nobody: UnclearEntryTests do.
        Assert.Equal([], Planner.RowNames.Where((name, row) => name != "Unclear" && hits[row] < Fewest));
    }

    [Fact]
    public async Task A_seed_replays_its_history()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var (first, second) = (new History(seed, isTold: true), new History(seed, isTold: true));
            await first.RunAsync();
            await second.RunAsync();
            Assert.Equal(first.Log, second.Log);
            Assert.Equal(first.Hits, second.Hits);
        }
    }

    private static async Task RunAsync(int seed, long[] hits, Action<string>? show)
    {
        var history = new History(seed, isTold: show is not null);
        var failure = await Record.ExceptionAsync(history.RunAsync);
        if (failure is not null)
        {
            var told = new History(seed, isTold: true);
            await Record.ExceptionAsync(told.RunAsync);
            Assert.Fail(
                $"{(failure is BrokenException ? failure.Message : failure)}\n"
                    + $"RECONCILER_MODEL_SEED={seed} replays this history:\n{string.Join("\n", told.Log)}"
            );
        }

        foreach (var line in history.Log)
            show!(line);
        lock (hits)
        {
            for (var row = 0; row < hits.Length; row++)
                hits[row] += history.Hits[row];
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(name),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
